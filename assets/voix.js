/* Records a voice into the form's own file field: the form itself does not change. */
(function () {
	'use strict';
	var d = document, b = d.querySelector('[data-micro]'), field = d.getElementById('fichier');
	var state = d.querySelector('[data-etat]'), words, recorder, parts, timer;

	if (!b || !field || !window.MediaRecorder || !window.DataTransfer || !navigator.mediaDevices)
		return;
	words = b.textContent;
	b.hidden = false;

	function done(stream) {
		var type = recorder.mimeType.split(';')[0] || 'audio/webm', box = new DataTransfer();

		clearTimeout(timer);
		stream.getTracks().forEach(function (t) { t.stop(); });
		box.items.add(new File(parts, 'voix', { type: type }));
		field.files = box.files;
		recorder = null;
		b.textContent = words;
		state.textContent = b.getAttribute('data-fait');
	}

	function begin(stream) {
		parts = [];
		recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
		recorder.ondataavailable = function (e) { parts.push(e.data); };
		recorder.onstop = function () { done(stream); };
		recorder.start();
		b.textContent = b.getAttribute('data-micro');
		state.textContent = '';
		timer = setTimeout(function () { recorder.stop(); }, 175000);
	}

	b.addEventListener('click', function () {
		if (recorder) {
			recorder.stop();
			return;
		}
		navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () {
			state.textContent = b.getAttribute('data-refus');
		});
	});
})();
