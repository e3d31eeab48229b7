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

	/* "Quitter vite" leaves no way back to this page. */
	list = d.querySelectorAll('a[href="/quitter"]');
	for (i = 0; i < list.length; i++)
		list[i].addEventListener('click', function (e) {
			e.preventDefault();
			window.location.replace('/quitter');
		});
})();
