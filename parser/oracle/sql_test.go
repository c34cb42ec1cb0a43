package oracle

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

var update = flag.Bool("update", false, "write the trees of testdata/sql anew")

// compact writes a tree on one line: operators and literals in short, all else as (Type field=value ...) without what is zero.
func compact(n any) string {
	var b strings.Builder
	compactValue(&b, reflect.ValueOf(n))
	return b.String()
}

var unaryNames = [...]string{"-", "not", "~"}

var binaryNames = [...]string{"+", "-", "*", "&", "|", "^", "<<", ">>", "and", "or", "xor"}

var compareNames = [...]string{"=", "<>", "<", "<=", ">", ">=", "<=>"}

// compactNode writes the nodes that have a short form; false for all others.
func compactNode(b *strings.Builder, n ir.Node) bool {
	op := func(name string, list ...ir.Expr) bool {
		fmt.Fprintf(b, "(%s", name)
		for _, x := range list {
			b.WriteString(" ")
			compactValue(b, reflect.ValueOf(x))
		}
		b.WriteString(")")
		return true
	}
	not := func(name string, not bool) string {
		if not {
			return "not-" + name
		}
		return name
	}
	switch n := n.(type) {
	case *ir.Null:
		b.WriteString("NULL")
	case *ir.Number:
		b.WriteString(n.Text + [...]string{"", "", "(binary)"}[n.Kind])
	case *ir.String:
		fmt.Fprintf(b, "'%s'", n.Value)
	case *ir.Bool:
		fmt.Fprint(b, n.Value)
	case *ir.Name:
		b.WriteString(ir.QName{Parts: n.Parts}.String())
	case *ir.Star:
		b.WriteString(strings.TrimPrefix(ir.QName{Parts: n.Qualifier}.String()+".*", "."))
	case *ir.Param:
		fmt.Fprintf(b, ":%s%d", n.Name, n.Index)
	case *ir.Unary:
		return op(unaryNames[n.Op], n.X)
	case *ir.Binary:
		return op(binaryNames[n.Op], n.L, n.R)
	case *ir.Compare:
		return op(compareNames[n.Op], n.L, n.R)
	case *ir.Div:
		return op("/", n.L, n.R)
	case *ir.Concat:
		return op("||", n.Args...)
	case *ir.RowExpr:
		return op("row", n.Items...)
	case *ir.Prior:
		return op("prior", n.X)
	case *ir.OuterMark:
		return op("outer", n.X)
	case *ir.IsNull:
		return op(not("null?", n.Not), n.X)
	case *ir.Between:
		return op(not("between", n.Not), n.X, n.Lo, n.Hi)
	default:
		return false
	}
	return true
}

func compactValue(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if n, ok := v.Interface().(ir.Node); ok && compactNode(b, n) {
			return
		}
		compactValue(b, v.Elem())
	case reflect.Struct:
		compactStruct(b, v)
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(" ")
			}
			compactValue(b, v.Index(i))
		}
		b.WriteString("]")
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprintf(b, "%v", v.Interface())
	}
}

func compactStruct(b *strings.Builder, v reflect.Value) {
	switch x := v.Interface().(type) {
	case ir.Ident:
		b.WriteString(x.Text)
		if x.Quoted {
			b.WriteString(`"`)
		}
		return
	case ir.QName:
		b.WriteString(x.String())
		return
	case fmt.Stringer:
		b.WriteString(x.String())
		return
	}
	b.WriteString("(" + v.Type().Name())
	compactFields(b, v)
	b.WriteString(")")
}

func compactFields(b *strings.Builder, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Name == "Span" || v.Field(i).IsZero():
		case f.Anonymous:
			compactFields(b, v.Field(i))
		default:
			b.WriteString(" " + f.Name + "=")
			compactValue(b, v.Field(i))
		}
	}
}

// trees is what the statements of a text become, with findings.
func trees(t *testing.T, text string) string {
	t.Helper()
	us, err := Parse(source.NewFile("x.sql", text), scan.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, u := range us {
		for _, s := range u.Stmts {
			if x, ok := s.(*ir.Unsupported); ok {
				fmt.Fprintf(&b, "\tunsupported: %s\n", x.What)
				continue
			}
			fmt.Fprintf(&b, "\t%s\n", compact(s))
		}
		for _, f := range u.Findings {
			fmt.Fprintf(&b, "\t! %s %s\n", f.Code, f.Message)
		}
	}
	return b.String()
}

// TestSQLTrees reads the files of testdata/sql: a text that begins with "= " is a value, all others are statements; the lines behind
// it that begin with a tab are its tree. Texts in blocks begin with "| " and are values of PL/SQL.
func TestSQLTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/sql/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
				switch {
				case strings.HasPrefix(line, "\t"):
				case line == "" || strings.HasPrefix(line, "#"):
					out.WriteString(line + "\n")
				default:
					out.WriteString(line + "\n" + treeOfLine(t, line))
				}
			}
			if *update {
				if err := os.WriteFile(f, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if out.String() != string(b) {
				t.Errorf("the trees differ; run with -update and look at the difference")
			}
		})
	}
}

// treeOfLine is the tree of a line: of the value alone where it is one.
func treeOfLine(t *testing.T, line string) string {
	t.Helper()
	value, query := strings.CutPrefix(line, "= ")
	inBlock, block := strings.CutPrefix(line, "| ")
	switch {
	case query:
		return treeOfValue(t, "SELECT "+value+" FROM t;", func(s ir.Stmt) any {
			return s.(*ir.QueryStmt).Query.(*ir.Select).Items[0].Expr
		})
	case block:
		return treeOfValue(t, "BEGIN x := "+inBlock+"; END;\n/", func(s ir.Stmt) any {
			return s.(*ir.Block).Body[0].(*ir.SetVar).Items[0].Value
		})
	}
	return trees(t, line+";")
}

func treeOfValue(t *testing.T, text string, value func(ir.Stmt) any) string {
	t.Helper()
	us, err := Parse(source.NewFile("x.sql", text), scan.Options{Workers: 1})
	if err != nil || len(us) != 1 {
		t.Fatalf("%s: %d units, %v", text, len(us), err)
	}
	out := ""
	if x, ok := us[0].Stmts[0].(*ir.Unsupported); ok {
		out = "\tunsupported: " + x.What + "\n"
	} else {
		out = "\t" + compact(value(us[0].Stmts[0])) + "\n"
	}
	for _, f := range us[0].Findings {
		out += fmt.Sprintf("\t! %s %s\n", f.Code, f.Message)
	}
	return out
}

// sqlTexts are the texts of testdata/sql as statements.
func sqlTexts(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/sql/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			switch {
			case line == "" || line[0] == '\t' || line[0] == '#':
			case strings.HasPrefix(line, "= "):
				out = append(out, "SELECT "+line[2:]+" FROM t;")
			case strings.HasPrefix(line, "| "):
				out = append(out, "BEGIN x := "+line[2:]+"; END;\n/")
			default:
				out = append(out, line+";")
			}
		}
	}
	return out
}

// TestSpans checks that every node knows its place, and stands within what it is part of.
func TestSpans(t *testing.T) {
	for _, text := range sqlTexts(t) {
		if strings.Contains(text, "WHEN < 5") {
			continue // the operand of a CASE stands in several comparisons
		}
		for _, u := range parse(t, text) {
			for _, s := range u.Stmts {
				checkSpans(t, text, s)
			}
		}
	}
}

func checkSpans(t *testing.T, text string, n ir.Node) {
	outer := n.Base().Span
	if !outer.IsValid() {
		t.Errorf("%s: %T has no place", text, n)
	}
	ir.Children(n, func(c ir.Node) {
		s := c.Base().Span
		if s.IsValid() && (s.Start < outer.Start || s.End > outer.End) {
			t.Errorf("%s: %T %q is not within %T %q", text, c, s.Text(), n, outer.Text())
		}
		checkSpans(t, text, c)
	})
}

func TestSpansOfOperators(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a + b * c", "a + b * c|a|b * c|b|c"},
		{"(a + b) * c", "a + b) * c|a + b|a|b|c"},
		{"f(a, b).c(d)", "f(a, b).c(d)|f(a, b).c|f(a, b)|f|a|b|d"},
		{"a || b || c", "a || b || c|a|b|c"},
		{"- a", "- a|a"},
		{"t.a(+)", "t.a(+)|t.a"},
		{"SUM(a) OVER (ORDER BY b)", "SUM(a) OVER (ORDER BY b)|a|(ORDER BY b)|b|b"},
	} {
		q := parse(t, "SELECT "+c.text+" FROM t;")[0].Stmts[0].(*ir.QueryStmt)
		var got []string
		ir.Walk(q.Query.(*ir.Select).Items[0].Expr, func(n ir.Node) bool {
			got = append(got, n.Base().Span.Text())
			return true
		})
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %s", c.text, strings.Join(got, "|"))
		}
	}
}

// cost is the processor time in seconds that it takes to read a text. It is the time of one thread, so that what else the machine does
// has little part in it, and of many readings, since the system counts in ticks.
func cost(t *testing.T, text string) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	least := math.Inf(1)
	for range 3 {
		start, spent, n := threadTime(t), 0.0, 0
		for spent < 0.1 {
			parse(t, text)
			n++
			spent = threadTime(t) - start
		}
		least = min(least, spent/float64(n))
	}
	return least
}

func threadTime(t *testing.T) float64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		t.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// TestLongTextsTakeLinearTime checks that what is twice as long takes about twice as long, and that nothing needs a deep stack but what is
// nested.
func TestLongTextsTakeLinearTime(t *testing.T) {
	for name, text := range map[string]func(n int) string{
		"sum":    func(n int) string { return "SELECT a" + strings.Repeat(" + b", n) + " FROM t;" },
		"concat": func(n int) string { return "SELECT a" + strings.Repeat(" || b", n) + " FROM t;" },
		"and":    func(n int) string { return "SELECT 1 FROM t WHERE a = 1" + strings.Repeat(" AND b = 2", n) + ";" },
		"list":   func(n int) string { return "SELECT 1 FROM t WHERE a IN (1" + strings.Repeat(", 2", n) + ");" },
		"rows": func(n int) string {
			return "INSERT ALL" + strings.Repeat(" INTO t VALUES (1, 'x', NULL)", n) + " SELECT 1 FROM dual;"
		},
		"union": func(n int) string {
			return "SELECT 1 FROM dual" + strings.Repeat(" UNION ALL SELECT 2 FROM dual", n) + ";"
		},
		"joins": func(n int) string { return "SELECT 1 FROM t" + strings.Repeat(" JOIN u ON 1 = 1", n) + ";" },
		"parentheses": func(n int) string {
			n = min(n, 2500)
			return "SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + " FROM t;"
		},
		"queries": func(n int) string {
			n = min(n, 1000)
			return strings.Repeat("SELECT * FROM (", n) + "SELECT 1 FROM t" + strings.Repeat(")", n) + ";"
		},
		"tables": func(n int) string {
			n = min(n, 1000)
			return "SELECT * FROM " + strings.Repeat("(", n) + "SELECT 1 FROM t" + strings.Repeat(") UNION SELECT 2 FROM t", n) + ";"
		},
		"calls": func(n int) string {
			n = min(n, 1000)
			return "SELECT " + strings.Repeat("f(", n) + "1" + strings.Repeat(")", n) + " FROM t;"
		},
		"cases": func(n int) string {
			n = min(n, 1000)
			return "SELECT " + strings.Repeat("CASE WHEN a = 1 THEN ", n) + "1" + strings.Repeat(" END", n) + " FROM t;"
		},
	} {
		t.Run(name, func(t *testing.T) {
			long, short := text(20000), text(5000)
			if len(short) == len(long) { // of limited depth
				short = text(len(long) / len(text(1)) / 4)
			}
			u := parse(t, long)[0]
			if _, bad := u.Stmts[0].(*ir.Unsupported); bad && name != "tables" {
				t.Fatalf("not read: %v", u.Findings)
			}
			length := float64(len(long)) / float64(len(short))
			if times := cost(t, long) / cost(t, short); times > 3*length {
				t.Errorf("a text %.1f times as long takes %.1f times as long", length, times)
			}
		})
	}
}

func TestDeepTextsAreRefused(t *testing.T) {
	for _, text := range []string{
		"SELECT " + strings.Repeat("(", 100000) + "1;", "SELECT " + strings.Repeat("f(", 100000) + "1;", "SELECT " + strings.Repeat("- ", 100000) + "1 FROM t;",
		strings.Repeat("SELECT * FROM (", 100000) + ";", "SELECT " + strings.Repeat("CASE WHEN ", 100000) + ";", "SELECT " + strings.Repeat("NOT ", 100000) + "1;",
		"SELECT 1 FROM " + strings.Repeat("(", 100000) + ";", "SELECT " + strings.Repeat("CAST(", 100000) + ";", "SELECT " + strings.Repeat("TRIM(", 100000) + ";",
		"SELECT " + strings.Repeat("XMLELEMENT(a, ", 100000) + ";", "SELECT " + strings.Repeat("JSON_ARRAY(", 100000) + ";", "SELECT " + strings.Repeat("PRIOR ", 100000) + "1;",
		"SELECT 1 FROM t GROUP BY " + strings.Repeat("ROLLUP(", 100000) + ";", "SELECT 1 FROM t x, JSON_TABLE(a, '$' " + strings.Repeat("COLUMNS (NESTED PATH '$' ", 100000) + ";",
		"SELECT 2" + strings.Repeat(" || (SELECT 1", 100000) + ";",
	} {
		u := parse(t, text)[0]
		if len(u.Findings) != 1 || u.Findings[0].Code != "SY0301" && u.Findings[0].Code != "SY0300" {
			t.Errorf("%.40s: %v", text, u.Findings)
		}
	}
}

func BenchmarkSQL(b *testing.B) {
	text := strings.Join(sqlTexts(b), "\n")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(source.NewFile("x.sql", text), scan.Options{Workers: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
