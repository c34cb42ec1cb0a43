package oracle

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

var updateDDL = flag.Bool("update-ddl", false, "write the trees of testdata/ddl anew")

func TestDefinitionTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/ddl/*.txtar")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files of trees: %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := treesOf(t, "input.sql", a)
			if *updateDDL {
				a.Files = []txtar.File{a.Files[0], {Name: "tree", Data: []byte(got)}}
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) < 2 || string(a.Files[1].Data) != got {
				t.Errorf("the trees differ; run with -update-ddl and look at the difference\n%s", got)
			}
		})
	}
}
