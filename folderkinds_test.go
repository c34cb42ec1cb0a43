package godwit

import (
	"os"
	"path/filepath"
	"testing"

	"godwit/runner/apply"
)

// TestApplyKnowsEveryKind holds that each kind of file that a converted folder has is one that godwit apply can apply.
func TestApplyKnowsEveryKind(t *testing.T) {
	dir, order := t.TempDir(), ""
	for kind := range loadOrder {
		p := filepath.Join(dir, "s", kind)
		if err := os.MkdirAll(p, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(p, "x.sql"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		order += "s/" + kind + "/x.sql\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "order.txt"), []byte(order), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := apply.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Files) != len(loadOrder) {
		t.Errorf("%d files, %d kinds", len(f.Files), len(loadOrder))
	}
}
