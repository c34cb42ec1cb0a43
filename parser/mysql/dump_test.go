package mysql

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
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

var update = flag.Bool("update", false, "write the trees of testdata/trees anew")

// dump writes a node as an S-expression: the type, then the fields that are not zero. Positions are left out.
func dump(v any) string {
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(v), "")
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value, indent string) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Bool {
			fmt.Fprint(b, v.Elem().Bool())
			return
		}
		dumpValue(b, v.Elem(), indent)
	case reflect.Struct:
		dumpStruct(b, v, indent)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(b, "%x", v.Bytes())
			return
		}
		b.WriteString("[")
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(" ")
			}
			dumpValue(b, v.Index(i), indent)
		}
		b.WriteString("]")
	case reflect.Array:
		fmt.Fprintf(b, "%v", v.Interface())
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprintf(b, "%v", v.Interface())
	}
}

func dumpStruct(b *strings.Builder, v reflect.Value, indent string) {
	switch x := v.Interface().(type) {
	case ir.Ident:
		b.WriteString(x.Text)
		if x.Quoted {
			b.WriteString("`")
		}
		return
	case ir.QName:
		b.WriteString(x.String())
		return
	case fmt.Stringer:
		if strings.HasPrefix(v.Type().PkgPath(), "godwit/ir/types") {
			b.WriteString(x.String())
			return
		}
	case ir.Comment:
		fmt.Fprintf(b, "%q", x.Text)
		return
	}
	fmt.Fprintf(b, "(%s", v.Type().Name())
	dumpFields(b, v, indent)
	b.WriteString(")")
}

func dumpFields(b *strings.Builder, v reflect.Value, indent string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Name == "Span" || f.Name == "Origin" || v.Field(i).IsZero():
		case f.Anonymous:
			dumpFields(b, v.Field(i), indent)
		default:
			fmt.Fprintf(b, " %s=", f.Name)
			dumpValue(b, v.Field(i), indent)
		}
	}
}

func treesOf(t *testing.T, name string, a *txtar.Archive) string {
	t.Helper()
	o := scan.Options{Dialect: dialect.MySQL}
	if strings.Contains(string(a.Comment), "mariadb") {
		o.Dialect = dialect.MariaDB
	}
	for _, f := range a.Files {
		if f.Name != "input.sql" {
			continue
		}
		us, err := Parse(source.NewFile(name, string(f.Data)), o)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, u := range us {
			fmt.Fprintf(&b, "# %s\n%s\n", strings.Join(strings.Fields(u.Span.Text()), " "), dump(u.Stmts[0]))
			for _, x := range u.Findings {
				fmt.Fprintf(&b, "! %s %s\n", x.Code, x.Message)
			}
		}
		return b.String()
	}
	t.Fatalf("%s has no input.sql", name)
	return ""
}

func TestTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/trees/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := treesOf(t, filepath.Base(f), a)
			if *update {
				a.Files = []txtar.File{a.Files[0], {Name: "tree", Data: []byte(got)}}
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) < 2 || string(a.Files[1].Data) != got {
				t.Errorf("the tree differs; run with -update and look at the difference\n%s", got)
			}
		})
	}
}
