package oracle

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

var updatePLSQL = flag.Bool("update-plsql", false, "write the trees of testdata/plsql anew")

// tree writes a node in short: the type, then the fields that are not zero; lists and statements stand on lines of their own.
func tree(v any) string {
	w := &treeWriter{}
	w.value(reflect.ValueOf(v), 0)
	return w.b.String()
}

type treeWriter struct{ b strings.Builder }

func (w *treeWriter) value(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			w.b.WriteString("nil")
			return
		}
		if x, ok := v.Interface().(ir.Node); ok && w.short(x) {
			return
		}
		w.value(v.Elem(), depth)
	case reflect.Struct:
		w.structure(v, depth)
	case reflect.Slice:
		w.list(v, depth)
	case reflect.String:
		fmt.Fprintf(&w.b, "%q", v.String())
	default:
		fmt.Fprintf(&w.b, "%v", v.Interface())
	}
}

// short writes the nodes that values are full of as the source has them.
func (w *treeWriter) short(n ir.Node) bool {
	if len(n.Base().Lead)+len(n.Base().Trail) > 0 {
		return false
	}
	switch x := n.(type) {
	case *ir.Name:
		w.b.WriteString(ir.QName{Parts: x.Parts}.String())
	case *ir.Number:
		w.b.WriteString(x.Text)
	case *ir.String:
		fmt.Fprintf(&w.b, "'%s'", x.Value)
	case *ir.Null:
		w.b.WriteString("NULL")
	default:
		return false
	}
	return true
}

func (w *treeWriter) list(v reflect.Value, depth int) {
	if _, ok := v.Interface().([]ir.Comment); !ok && v.Len() > 0 {
		if _, ok := v.Index(0).Interface().(ir.Node); ok && v.Type().Elem() != reflect.TypeFor[ir.Expr]() {
			w.b.WriteString("[")
			for i := range v.Len() {
				w.b.WriteString("\n" + strings.Repeat("  ", depth+1))
				w.value(v.Index(i), depth+1)
			}
			w.b.WriteString("]")
			return
		}
	}
	w.b.WriteString("[")
	for i := range v.Len() {
		if i > 0 {
			w.b.WriteString(", ")
		}
		w.value(v.Index(i), depth)
	}
	w.b.WriteString("]")
}

func (w *treeWriter) structure(v reflect.Value, depth int) {
	switch x := v.Interface().(type) {
	case ir.Ident:
		w.b.WriteString(x.Text)
		if x.Quoted {
			w.b.WriteString(`"`)
		}
		return
	case ir.QName:
		w.b.WriteString(x.String())
		return
	case ir.Comment:
		fmt.Fprintf(&w.b, "%q", x.Text)
		return
	case fmt.Stringer:
		if strings.HasPrefix(v.Type().PkgPath(), "godwit/ir/types") {
			w.b.WriteString(x.String())
			return
		}
	}
	w.b.WriteString(v.Type().Name())
	w.fields(v, depth)
}

func (w *treeWriter) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		switch {
		case f.Name == "Span" || f.Name == "Origin" || x.IsZero():
		case f.Anonymous:
			w.fields(x, depth)
		default:
			w.b.WriteString(" " + f.Name + "=")
			w.b.WriteString(opening(x))
			w.value(x, depth)
			w.b.WriteString(closing(x))
		}
	}
}

// nested tells that a field holds one node with fields of its own.
func nested(v reflect.Value) bool {
	if v.Kind() != reflect.Interface && v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	switch v.Interface().(type) {
	case *ir.Name, *ir.Number, *ir.String, *ir.Null:
		return false
	}
	_, ok := v.Interface().(ir.Node)
	return ok
}

func opening(v reflect.Value) string {
	if nested(v) {
		return "("
	}
	return ""
}

func closing(v reflect.Value) string {
	if nested(v) {
		return ")"
	}
	return ""
}

// treesOf parses the input of a file and writes its units with their findings.
func treesOf(t *testing.T, name string, a *txtar.Archive) string {
	t.Helper()
	us, err := Parse(source.NewFile(name, string(a.Files[0].Data)), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, u := range us {
		head, _, _ := strings.Cut(u.Span.Text(), "\n")
		fmt.Fprintf(&b, "# %s\n%s\n", head, tree(u.Stmts[0]))
		for _, x := range u.Findings {
			fmt.Fprintf(&b, "! %s %s %s\n", x.Span, x.Code, x.Message)
		}
	}
	return b.String()
}

func TestPLSQLTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/plsql/*.txtar")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d files of trees: %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := treesOf(t, "input.sql", a)
			if *updatePLSQL {
				a.Files = []txtar.File{a.Files[0], {Name: "tree", Data: []byte(got)}}
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) < 2 || string(a.Files[1].Data) != got {
				t.Errorf("the trees differ; run with -update-plsql and look at the difference\n%s", got)
			}
		})
	}
}
