package mysql

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	tidb "github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // values of literals
	tidbtypes "github.com/pingcap/tidb/pkg/parser/types"
	"golang.org/x/tools/txtar"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// A second parser has to see the same tables, columns, types and keys in every script that we have.
func TestTablesAgreeWithTiDB(t *testing.T) {
	n := 0
	check := func(name, text string) {
		for _, u := range parseText(t, name, text, scan.Options{Charset: charsetOf(name)}) {
			c, ok := u.Stmts[0].(*ir.CreateTable)
			if !ok {
				continue
			}
			p := tidb.New()
			st, _, err := p.Parse(u.Span.Text(), "", "")
			if err != nil || len(st) != 1 {
				continue // it knows less than the source
			}
			n++
			if got, want := ourTable(c), theirTable(st[0].(*ast.CreateTableStmt)); got != want {
				t.Errorf("%s\ngot  %s\nwant %s", u.Span, got, want)
			}
		}
	}
	for _, folder := range []string{"sakila", "employees", "dms_sample/mysql"} {
		for _, p := range sampleFiles(t, folder) {
			if !strings.Contains(p, "data") || strings.Contains(p, "/schema/") {
				check(filepath.Base(p), readSample(t, p))
			}
		}
	}
	cases, _ := filepath.Glob(samples + "cases/mysql/*.txtar")
	for _, f := range cases {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(a.Comment), "ANSI_QUOTES") {
			continue // the second parser is not told the mode
		}
		check(filepath.Base(f), string(a.Files[0].Data))
	}
	if n < 80 {
		t.Errorf("only %d tables compared", n)
	}
}

func ourTable(c *ir.CreateTable) string {
	var cols, keys []string
	for _, x := range c.Columns {
		cols = append(cols, fmt.Sprintf("%s %s null=%v auto=%v", x.Name.Text, ourType(x.Type), !x.NotNull, x.AutoIncrement))
		if x.Primary {
			keys = append(keys, "0("+x.Name.Text+")")
		}
		if x.Unique {
			keys = append(keys, "1("+x.Name.Text+")")
		}
	}
	for _, k := range c.Keys {
		var parts []string
		for _, p := range k.Parts {
			s := p.Column.Text
			if p.Prefix > 0 {
				s += fmt.Sprintf(":%d", p.Prefix)
			}
			parts = append(parts, s)
		}
		keys = append(keys, fmt.Sprintf("%d(%s)", k.Kind, strings.Join(parts, ",")))
	}
	sort.Strings(keys)
	return fmt.Sprintf("%s %v %v fk=%d check=%d", c.Name.Name(), cols, keys, len(c.ForeignKeys), len(c.Checks))
}

func theirTable(c *ast.CreateTableStmt) string {
	var cols, keys []string
	checks, fks := 0, 0
	for _, x := range c.Cols {
		null, auto := true, false
		for _, o := range x.Options {
			switch o.Tp {
			case ast.ColumnOptionNotNull:
				null = false
			case ast.ColumnOptionAutoIncrement:
				auto, null = true, false
			case ast.ColumnOptionPrimaryKey:
				null = false
				keys = append(keys, "0("+x.Name.Name.O+")")
			case ast.ColumnOptionUniqKey:
				keys = append(keys, "1("+x.Name.Name.O+")")
			}
		}
		cols = append(cols, fmt.Sprintf("%s %s null=%v auto=%v", x.Name.Name.O, theirType(x.Tp), null, auto))
	}
	for _, k := range c.Constraints {
		kind := catalog.Index
		switch k.Tp {
		case ast.ConstraintPrimaryKey:
			kind = catalog.Primary
		case ast.ConstraintUniq, ast.ConstraintUniqKey, ast.ConstraintUniqIndex:
			kind = catalog.Unique
		case ast.ConstraintFulltext:
			kind = catalog.Fulltext
		case ast.ConstraintForeignKey:
			fks++
			continue
		case ast.ConstraintCheck:
			checks++
			continue
		}
		var parts []string
		for _, p := range k.Keys {
			s := ""
			if p.Column != nil {
				s = p.Column.Name.O
			}
			if p.Length > 0 {
				s += fmt.Sprintf(":%d", p.Length)
			}
			parts = append(parts, s)
		}
		keys = append(keys, fmt.Sprintf("%d(%s)", kind, strings.Join(parts, ",")))
	}
	sort.Strings(keys)
	return fmt.Sprintf("%s %v %v fk=%d check=%d", c.Table.Name.O, cols, keys, fks, checks)
}

func ourType(t types.Type) string {
	switch t := t.(type) {
	case types.Float:
		if t.Digits > 0 {
			return fmt.Sprintf("float%d(%d,%d)", t.Bits, t.Digits, t.Decimals)
		}
		return fmt.Sprintf("float%d", t.Bits)
	case types.Text:
		switch {
		case t.MaxBytes > 0:
			return fmt.Sprintf("lob%d", t.MaxBytes)
		case t.Fixed:
			return fmt.Sprintf("char(%d)", t.N)
		}
		return fmt.Sprintf("varchar(%d)", t.N)
	case types.Binary:
		switch {
		case t.MaxBytes > 0:
			return fmt.Sprintf("lob%d", t.MaxBytes)
		case t.Fixed:
			return fmt.Sprintf("char(%d)", t.N)
		}
		return fmt.Sprintf("varchar(%d)", t.N)
	case types.Set:
		return "set(" + strings.Join(t.Values, ",") + ")"
	case types.JSON:
		return "json"
	}
	return t.String()
}

func theirType(t *tidbtypes.FieldType) string {
	u := ""
	if mysql.HasUnsignedFlag(t.GetFlag()) {
		u = " unsigned"
	}
	fsp := max(t.GetDecimal(), 0)
	switch t.GetType() {
	case mysql.TypeTiny:
		return "int8" + u
	case mysql.TypeShort:
		return "int16" + u
	case mysql.TypeInt24:
		return "int24" + u
	case mysql.TypeLong:
		return "int32" + u
	case mysql.TypeLonglong:
		return "int64" + u
	case mysql.TypeNewDecimal:
		p := t.GetFlen()
		if p <= 0 {
			p = 10
		}
		return fmt.Sprintf("decimal(%d,%d)%s", p, fsp, u)
	case mysql.TypeFloat, mysql.TypeDouble:
		bits := 32
		if t.GetType() == mysql.TypeDouble {
			bits = 64
		}
		if t.GetDecimal() >= 0 && t.GetFlen() > 0 {
			return fmt.Sprintf("float%d(%d,%d)", bits, t.GetFlen(), t.GetDecimal())
		}
		return fmt.Sprintf("float%d", bits)
	case mysql.TypeBit:
		return fmt.Sprintf("bit(%d)", max(t.GetFlen(), 1))
	case mysql.TypeYear:
		return "year"
	case mysql.TypeDate:
		return "date"
	case mysql.TypeDuration:
		return fmt.Sprintf("duration(%d)", fsp)
	case mysql.TypeDatetime:
		return fmt.Sprintf("datetime(%d)", fsp)
	case mysql.TypeTimestamp:
		return fmt.Sprintf("timestamp(%d)", fsp)
	case mysql.TypeJSON:
		return "json"
	case mysql.TypeString:
		return fmt.Sprintf("char(%d)", max(t.GetFlen(), 1))
	case mysql.TypeVarchar:
		return fmt.Sprintf("varchar(%d)", t.GetFlen())
	case mysql.TypeTinyBlob:
		return "lob255"
	case mysql.TypeBlob:
		return "lob65535"
	case mysql.TypeMediumBlob:
		return "lob16777215"
	case mysql.TypeLongBlob:
		return "lob4294967295"
	case mysql.TypeEnum:
		return "enum(" + strings.Join(t.GetElems(), ",") + ")"
	case mysql.TypeSet:
		return "set(" + strings.Join(t.GetElems(), ",") + ")"
	}
	return t.String()
}
