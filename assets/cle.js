/* Security keys (WebAuthn).  The page says what else one can use where this cannot run.
 * Written for old browsers too: they only see that they have no key. */
(function () {
	'use strict';
	var d = document, form = d.querySelector('form[data-cle]'), button, sans, refus;

	if (!form || !window.PublicKeyCredential || !navigator.credentials || !window.isSecureContext)
		return;
	button = form.querySelector('[data-cle-bouton]');
	sans = d.querySelector('[data-cle-sans]');
	refus = d.querySelector('[data-cle-refus]');

	/* base64url and back */
	function bytes(text) {
		var raw = window.atob(text.replace(/-/g, '+').replace(/_/g, '/'));
		var out = new Uint8Array(raw.length), i;

		for (i = 0; i < raw.length; i++)
			out[i] = raw.charCodeAt(i);
		return out;
	}
	function text(buffer) {
		var b = new Uint8Array(buffer), raw = '', i;

		for (i = 0; i < b.length; i++)
			raw += String.fromCharCode(b[i]);
		return window.btoa(raw).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
	}
	function keys(list) {
		return list.split(' ').filter(Boolean).map(function (id) {
			return { type: 'public-key', id: bytes(id) };
		});
	}
	function put(name, value) {
		form.elements[name].value = value;
	}

	function create() {
		var o = form.dataset;

		return navigator.credentials.create({ publicKey: {
			challenge: bytes(o.defi),
			rp: { id: o.rp, name: o.site },
			user: { id: bytes(o.compte), name: o.nom, displayName: o.nom },
			pubKeyCredParams: [-7, -8, -257].map(function (alg) {
				return { type: 'public-key', alg: alg };
			}),
			excludeCredentials: keys(o.cles),
			authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
			attestation: 'none', timeout: 120000
		} }).then(function (c) {
			put('client', text(c.response.clientDataJSON));
			put('objet', text(c.response.attestationObject));
		});
	}
	function use() {
		var o = form.dataset;

		return navigator.credentials.get({ publicKey: {
			challenge: bytes(o.defi), rpId: o.rp, allowCredentials: keys(o.cles),
			userVerification: 'discouraged', timeout: 120000
		} }).then(function (c) {
			put('cle', text(c.rawId));
			put('client', text(c.response.clientDataJSON));
			put('donnees', text(c.response.authenticatorData));
			put('signature', text(c.response.signature));
		});
	}

	sans.hidden = true;
	button.hidden = false;
	form.addEventListener('submit', function (e) {
		if (form.dataset.pret)
			return;
		e.preventDefault();
		button.disabled = true;
		refus.hidden = true;
		(form.dataset.cle === 'creer' ? create() : use()).then(function () {
			form.dataset.pret = '1';
			button.disabled = false;
			form.submit();
		}, function () {
			button.disabled = false;
			refus.hidden = false;
			refus.focus();
		});
	});
})();
