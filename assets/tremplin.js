/* Only improves what works without it.  Written for the browsers of 2014. */
(function () {
	'use strict';
	var d = document, i, list;

	/* A button where the page says how to print. */
	list = d.querySelectorAll('[data-imprimer]');
	for (i = 0; i < list.length; i++) {
		list[i].hidden = false;
		list[i].addEventListener('click', function () { window.print(); });
	}

	/* The summary of errors is read first. */
	if (d.getElementById('erreurs'))
		d.getElementById('erreurs').focus();

	/* F9 covers the screen at once.  What was being typed goes along, to be given back. */
	var garde = d.getElementById('ecran-garde');

	function add(name, value) {
		var field = d.createElement('input');

		field.type = 'hidden';
		field.name = name;
		field.value = value;
		garde.appendChild(field);
	}

	function draft(form) {
		var pairs = [], changed = false, k, e;

		for (k = 0; k < form.elements.length; k++) {
			e = form.elements[k];
			if (!e.name || e.name === 'csrf' || e.type === 'password')
				continue;
			if (e.type === 'radio' || e.type === 'checkbox')
				changed = changed || e.checked !== e.defaultChecked;
			else if (e.type !== 'select-one')
				changed = changed || e.value !== e.defaultValue;
			if ((e.type !== 'radio' && e.type !== 'checkbox') || e.checked)
				pairs.push(encodeURIComponent(e.name) + '=' + encodeURIComponent(e.value));
		}
		return changed ? pairs.join('&') : '';
	}

	function cover() {
		var forms = d.querySelectorAll('main form[method="post"]'), k, typed;

		for (k = 0; k < forms.length; k++) {
			typed = draft(forms[k]);
			if (!typed)
				continue;
			add('vers', forms[k].getAttribute('action'));
			add('brouillon', typed);
			return;
		}
	}

	if (garde) {
		garde.addEventListener('submit', cover);
		d.addEventListener('keydown', function (e) {
			if (e.key !== 'F9' && e.keyCode !== 120)
				return;
			e.preventDefault();
			cover();
			d.body.hidden = true;
			garde.submit();
		});
	}

	/* "Quitter vite" leaves no way back to this page. */
	list = d.querySelectorAll('a[href="/quitter"]');
	for (i = 0; i < list.length; i++)
		list[i].addEventListener('click', function (e) {
			e.preventDefault();
			window.location.replace('/quitter');
		});
})();
