// Verifies a journal as anybody could: Go's golang.org/x/mod/sumdb/{note,tlog}, the files that
// "tremplin journal export" wrote, and nothing of ours.
//
//	verifie arbre DIR              tiles, entries, head: the root is what was signed
//	verifie preuve CLE FILE        one proof of an act (C2SP tlog-proof)
//	verifie suite CLE OLD GROWTH   a head that was kept, and the proof that came with a later one
//	verifie temoin CLE TEMOIN FILE a head and the line of a witness (C2SP tlog-cosignature)
//	verifie ecrire DIR N           the other way: a log and a proof of each entry, made by Go
//
// Prints "ok" or says why not, exit 1.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fatal(format string, a ...interface{}) {
	fmt.Printf(format+"\n", a...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fatal("%v", err)
	}
}

func read(path string) []byte {
	b, err := os.ReadFile(path)
	check(err)
	return b
}

// The head in a signed note: origin, size, root.  Extension lines are left alone.
func head(text []byte, vkey string) (string, tlog.Tree) {
	v, err := note.NewVerifier(strings.TrimSpace(vkey))
	check(err)
	n, err := note.Open(text, note.VerifierList(v))
	check(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 {
		fatal("no head: %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	var root tlog.Hash
	copy(root[:], raw)
	if lines[0] != v.Name() {
		fatal("the head of %q is signed by %q", lines[0], v.Name())
	}
	return lines[0], tlog.Tree{N: size, Hash: root}
}

// Go's path of a tile has its height; C2SP's has not.
func c2sp(t tlog.Tile) string {
	return strings.Replace(t.Path(), "tile/8/", "tile/", 1)
}

type files struct{ dir string }

func (f files) Height() int                     { return 8 }
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(t []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, one := range t {
		b, err := os.ReadFile(filepath.Join(f.dir, c2sp(one)))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func entries(dir string, size int64) [][]byte {
	var out [][]byte
	for n := int64(0); n*256 < size; n++ {
		w := size - n*256
		if w > 256 {
			w = 256
		}
		p := c2sp(tlog.Tile{H: 8, L: -1, N: n, W: int(w)})
		b := read(filepath.Join(dir, strings.Replace(p, "tile/data/", "tile/entries/", 1)))
		for len(b) > 0 {
			k := int(binary.BigEndian.Uint16(b))
			out = append(out, b[2:2+k])
			b = b[2+k:]
		}
	}
	return out
}

func arbre(dir string) {
	_, tree := head(read(dir+"/checkpoint"), string(read(dir+"/cle")))
	reader := tlog.TileHashReader(tree, files{dir})
	data := entries(dir, tree.N)
	if int64(len(data)) != tree.N {
		fatal("%d entries for a head of %d", len(data), tree.N)
	}
	// the tree made anew from the entries
	var stored []tlog.Hash
	look := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, d := range data {
		h, err := tlog.StoredHashes(int64(i), d, look)
		check(err)
		stored = append(stored, h...)
	}
	root, err := tlog.TreeHash(tree.N, look)
	check(err)
	if root != tree.Hash {
		fatal("the entries give another root")
	}
	// and every hash of the tiles, which the reader authenticates against the head
	var at []int64
	for i := range data {
		at = append(at, tlog.StoredHashIndex(0, int64(i)))
	}
	for len(at) > 0 {
		n := len(at)
		if n > 2000 {
			n = 2000
		}
		h, err := reader.ReadHashes(at[:n])
		check(err)
		for i := range h {
			if h[i] != stored[at[i]] {
				fatal("a tile has another hash")
			}
		}
		at = at[n:]
	}
	// no tile beside those that Go expects
	want := map[string]bool{}
	for _, t := range tlog.NewTiles(8, 0, tree.N) {
		want[c2sp(t)] = true
	}
	filepath.Walk(dir+"/tile", func(p string, st os.FileInfo, err error) error {
		rel, _ := filepath.Rel(dir, p)
		if err == nil && !st.IsDir() && !strings.HasPrefix(rel, "tile/entries/") &&
			!strings.Contains(rel, ".p/") && !want[rel] {
			fatal("a tile that should not be there: %s", rel)
		}
		return nil
	})
	fmt.Println("ok")
}

func hashes(lines []string) []tlog.Hash {
	var out []tlog.Hash
	for _, l := range lines {
		raw, err := base64.StdEncoding.DecodeString(l)
		check(err)
		if len(raw) != 32 {
			fatal("a hash of %d bytes", len(raw))
		}
		var h tlog.Hash
		copy(h[:], raw)
		out = append(out, h)
	}
	return out
}

// The lines up to the first empty one, and what follows it.
func upTo(b []byte) ([]string, []byte) {
	i := bytes.Index(b, []byte("\n\n"))
	if i < 0 {
		fatal("no empty line")
	}
	return strings.Split(string(b[:i]), "\n"), b[i+2:]
}

func preuve(vkey string, b []byte) {
	l, rest := upTo(b)
	if len(l) < 3 || l[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(l[1], "extra ") ||
		!strings.HasPrefix(l[2], "index ") {
		fatal("no proof")
	}
	said, err := base64.StdEncoding.DecodeString(l[1][6:])
	check(err)
	index, err := strconv.ParseInt(l[2][6:], 10, 64)
	check(err)
	_, tree := head(rest, vkey)
	entry := sha256.Sum256(said) // 16 bytes of salt, then the line of JSON
	check(tlog.CheckRecord(hashes(l[3:]), tree.N, tree.Hash, index, tlog.RecordHash(entry[:])))
	fmt.Println("ok")
}

func suite(vkey string, kept, growth []byte) {
	_, old := head(kept, vkey)
	l, rest := upTo(append([]byte{}, growth...))
	_, tree := head(rest, vkey)
	if l[0] != fmt.Sprintf("old %d", old.N) {
		fatal("%q is not of a head of %d", l[0], old.N)
	}
	if old.N != tree.N {
		check(tlog.CheckTree(hashes(l[1:]), tree.N, tree.Hash, old.N, old.Hash))
	} else if old.Hash != tree.Hash || len(l) != 1 {
		fatal("two heads of one size")
	}
	fmt.Println("ok")
}

// A witness's line, verified from the text of the specification with crypto/ed25519 alone.
func temoin(vkey, wkey string, b []byte) {
	head(b, vkey)
	parts := strings.SplitN(strings.TrimSpace(wkey), "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if len(key) != 33 || key[0] != 4 {
		fatal("no key of a witness")
	}
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	cut := bytes.LastIndex(b, []byte("\n\n"))
	text := b[:cut+1]
	for _, l := range strings.Split(string(b[cut+2:]), "\n") {
		f := strings.Split(l, " ")
		if len(f) != 3 || f[1] != parts[0] {
			continue
		}
		sig, err := base64.StdEncoding.DecodeString(f[2])
		check(err)
		if !bytes.Equal(sig[:4], id[:4]) {
			continue
		}
		at := binary.BigEndian.Uint64(sig[4:12])
		msg := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", at)), text...)
		if len(sig) != 76 || !ed25519.Verify(key[1:], msg, sig[12:]) {
			fatal("the witness did not sign this")
		}
		fmt.Println("ok")
		return
	}
	fatal("no line of this witness")
}

// A log made by Go: DIR/cle, DIR/N.tlog-proof of each entry against one head.
func ecrire(dir string, n int64) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "go.example/journal")
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	var stored []tlog.Hash
	look := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var said [][]byte
	for i := int64(0); i < n; i++ {
		s := append(make([]byte, 16), []byte(fmt.Sprintf(`{"n":"%d"}`, i))...)
		rand.Read(s[:16])
		said = append(said, s)
		entry := sha256.Sum256(s)
		h, err := tlog.StoredHashes(i, entry[:], look)
		check(err)
		stored = append(stored, h...)
	}
	root, err := tlog.TreeHash(n, look)
	check(err)
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("go.example/journal\n%d\n%s\n", n,
		base64.StdEncoding.EncodeToString(root[:]))}, signer)
	check(err)
	check(os.WriteFile(dir+"/cle", []byte(vkey), 0600))
	for i := int64(0); i < n; i++ {
		p, err := tlog.ProveRecord(n, i, look)
		check(err)
		b := fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n",
			base64.StdEncoding.EncodeToString(said[i]), i)
		for _, h := range p {
			b += base64.StdEncoding.EncodeToString(h[:]) + "\n"
		}
		check(os.WriteFile(fmt.Sprintf("%s/%d.tlog-proof", dir, i), append([]byte(b+"\n"), signed...), 0600))
	}
	fmt.Println("ok")
}

func main() {
	a := os.Args[1:]
	switch {
	case len(a) == 2 && a[0] == "arbre":
		arbre(a[1])
	case len(a) == 3 && a[0] == "preuve":
		preuve(a[1], read(a[2]))
	case len(a) == 4 && a[0] == "suite":
		suite(a[1], read(a[2]), read(a[3]))
	case len(a) == 4 && a[0] == "temoin":
		temoin(a[1], a[2], read(a[3]))
	case len(a) == 3 && a[0] == "ecrire":
		n, err := strconv.ParseInt(a[2], 10, 64)
		check(err)
		ecrire(a[1], n)
	default:
		fatal("usage: see the head of verifie.go")
	}
}
