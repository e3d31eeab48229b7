/* Sheets that come back: a file chosen, or what a page without network put after the "#",
 * fills the text.  Written for the browsers of 2014; without it, one pastes. */
(function () {
	'use strict';
	var d = document, text = d.getElementById('lignes'), file = d.getElementById('fichier');
	var box = d.querySelector('[data-rapport]');

	if (!text || !file)
		return;
	if (location.hash.indexOf('%7B') === 1) {
		try {
			text.value = decodeURIComponent(location.hash.slice(1));
		} catch (e) {
			text.value = '';
		}
		if (history.replaceState)
			history.replaceState(null, '', location.pathname);
	}
	if (!window.FileReader)
		return;
	box.hidden = false;
	file.addEventListener('change', function () {
		var reader = new FileReader();

		reader.onload = function () { text.value = reader.result; };
		if (file.files[0])
			reader.readAsText(file.files[0], 'utf-8');
	});
}());
