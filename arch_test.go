package godwit

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// layerOf places a package in the order of imports: a package may import its own layer (with the exceptions below) and lower ones.
//
//	cmd → {root, assess, runner} → {parser, emit, ir/rewrite} → ir → its leaves
func layerOf(path string) int {
	switch rel := strings.TrimPrefix(path, "godwit/"); {
	case strings.HasPrefix(rel, "cmd/"):
		return 5
	case path == "godwit", strings.HasPrefix(rel, "assess"), strings.HasPrefix(rel, "runner"):
		return 4
	case strings.HasPrefix(rel, "parser"), strings.HasPrefix(rel, "emit"), strings.HasPrefix(rel, "ir/rewrite"):
		return 3
	case strings.HasPrefix(rel, "ir/resolve"):
		return 2
	case rel == "ir" || rel == "ir/gen":
		return 1
	case strings.HasPrefix(rel, "ir/"):
		return 0
	}
	return -1
}

// forbidden are imports within a layer, or across it, that the layers alone would allow.
func forbidden(from, to string) string {
	in := func(p, folder string) bool {
		return p == "godwit/"+folder || strings.HasPrefix(p, "godwit/"+folder+"/")
	}
	switch {
	case in(from, "parser") && (in(to, "emit") || in(to, "ir/rewrite")):
		return "a front end knows no target and no rule"
	case in(from, "emit") && (in(to, "parser") || in(to, "ir/rewrite")):
		return "an emitter knows no source and no rule"
	case in(from, "ir/rewrite") && (in(to, "parser") || in(to, "emit")):
		return "a rule knows no source and no target"
	case in(from, "assess") && (to == "godwit" || in(to, "runner")):
		return "the assessment reads findings only"
	case to == "godwit" && !in(from, "cmd"):
		return "only commands stand above the root package"
	case in(from, "runner") && (in(to, "parser") || in(to, "assess") || in(to, "ir/rewrite") || in(to, "ir/resolve") || to == "godwit/ir"):
		return "the runner shares only ir/types, ir/catalog and emit with the compiler"
	case in(from, "parser/mysql") && in(to, "parser/") && !in(to, "parser/mysql") && !in(to, "parser/scan"):
		return "a dialect never imports another"
	case in(to, "runner/enginetest"):
		return "only tests use the test engines"
	}
	return ""
}

func TestImportsPointOneWay(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedImports}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 15 {
		t.Fatalf("only %d packages found", len(pkgs))
	}
	for _, p := range pkgs {
		from := layerOf(p.PkgPath)
		if from < 0 {
			t.Errorf("package %s has no place in the package map", p.PkgPath)
		}
		last := p.PkgPath[strings.LastIndexByte(p.PkgPath, '/')+1:]
		switch last {
		case "util", "common", "helper", "base", "shared", "utils":
			t.Errorf("package %s: the name says nothing", p.PkgPath)
		}
		for to := range p.Imports {
			if to != "godwit" && !strings.HasPrefix(to, "godwit/") {
				continue
			}
			if layerOf(to) > from {
				t.Errorf("%s imports %s, which stands above it", p.PkgPath, to)
			}
			if why := forbidden(p.PkgPath, to); why != "" {
				t.Errorf("%s imports %s: %s", p.PkgPath, to, why)
			}
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	allowed := map[string]bool{"parser": true, "ir": true, "emit": true, "assess": true, "runner": true, "cmd": true,
		"testdata": true, "bench": true, "docs": true, "scripts": true, "bin": true,
		"demo-out": true /* written by the demo, not kept */}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !allowed[e.Name()] {
			t.Errorf("folder %s is not part of the fixed top level", e.Name())
		}
	}
}
