/* Sheets that come back by a link: what a page without network put after the "#" fills the
 * text.  Written for the browsers of 2014; without it, one chooses the file. */
(function () {
	'use strict';
	var text = document.getElementById('lignes');

	if (!text || location.hash.indexOf('%7B') !== 1)
		return;
	try {
		text.value = decodeURIComponent(location.hash.slice(1));
	} catch (e) {
		text.value = '';
	}
	if (history.replaceState)
		history.replaceState(null, '', location.pathname);
}());
