package scan_test

import (
	"strings"
	"testing"

	"godwit/ir/source"
	"godwit/parser/scan"
)

// TestMarkedFiles holds that a file which a byte order mark tells as UTF-8 is read as that among files in latin1.
func TestMarkedFiles(t *testing.T) {
	for text, want := range map[string]string{scan.ByteOrderMark + "é": scan.ByteOrderMark + "é", "\xe9": "é"} {
		f, err := scan.Decode(source.NewFile("a.sql", text), "latin1")
		if err != nil || f.Text != want {
			t.Errorf("%q became %q, %v", text, f.Text, err)
		}
		in := scan.NewInput(strings.NewReader(text), "a.sql", scan.Options{Charset: "latin1"})
		if err := in.Fill(); err != nil || in.Text != want {
			t.Errorf("%q was read as %q, %v", text, in.Text, err)
		}
	}
}
