package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
	g "godwit/parser/mysql/internal/gram"
)

// typeSpec is a data type with the attributes that are written behind it.
type typeSpec struct {
	name      string // upper case, with its prefix: "NATIONAL VARCHAR", "LONG VARBINARY"
	args      []string
	unsigned  bool
	zerofill  bool
	binary    bool
	charset   string
	collation string
	typeOf    *ir.QName
	rowOf     *ir.QName
}

// spec reads a data type without judging it.
func (b *builder) spec(c g.IDataTypeContext) typeSpec {
	var t typeSpec
	switch {
	case c.TYPE_OF() != nil:
		q := b.qname(c.Qname())
		t.typeOf = &q
	case c.ROW_TYPE_OF() != nil:
		q := b.qname(c.Qname())
		t.rowOf = &q
	case c.TypeName() != nil:
		t.name = strings.ToUpper(unquoteName(c.TypeName().GetStart().GetText()))
		if c.TYPE_PREFIX() != nil {
			t.name = strings.ToUpper(c.TYPE_PREFIX().GetText()) + " " + t.name
		}
		if w := c.TYPE_WORD(); w != nil && !strings.EqualFold(w.GetText(), "precision") {
			t.name = strings.TrimSuffix(t.name, "CHARACTER")
			t.name = strings.TrimSuffix(t.name, "CHAR") + "VARCHAR"
		}
	default:
		t.name = strings.ToUpper(c.GetStart().GetText())
	}
	if c.TypeArgs() != nil {
		for _, a := range c.TypeArgs().AllTypeArg() {
			v := a.GetText()
			if a.STRING() != nil {
				v = b.stringOf(a.STRING())
			}
			t.args = append(t.args, v)
		}
	}
	for _, a := range c.AllTypeAttr() {
		switch {
		case a.UNSIGNED() != nil:
			t.unsigned = true
		case a.ZEROFILL() != nil:
			t.zerofill, t.unsigned = true, true
		case a.BINARY() != nil:
			t.binary = true
		case a.CHARSET() != nil:
			t.charset = b.charsetName(a.CharsetName())
		case a.COLLATE() != nil:
			t.collation = b.charsetName(a.CharsetName())
		}
	}
	return t
}

// num is the i-th argument as a number; def if it is not there. ok is cleared when it is no number.
func (t *typeSpec) num(i, def int, ok *bool) int {
	if i >= len(t.args) {
		return def
	}
	n, err := strconv.Atoi(t.args[i])
	if err != nil || n < 0 {
		*ok = false
		return def
	}
	return n
}

// dataType is the type of a column, variable or parameter. An unknown one is types.Unknown with a finding.
func (b *builder) dataType(c g.IDataTypeContext) (types.Type, typeSpec) {
	t := b.spec(c)
	if t.typeOf != nil || t.rowOf != nil {
		return types.Unknown{Why: "declared by reference"}, t
	}
	if c.ROW() != nil {
		return b.rowType(c), t
	}
	if r, ok := b.typeOf(&t); ok {
		return r, t
	}
	b.report(codeType, b.span(c), "the data type %s is not known", b.text(c))
	return types.Unknown{Why: "unknown type " + t.name}, t
}

func (b *builder) rowType(c g.IDataTypeContext) types.Type {
	var r types.Row
	for _, f := range c.AllRowField() {
		ft, _ := b.dataType(f.DataType())
		r.Names = append(r.Names, b.ident(f.Ident()).Text)
		r.Types = append(r.Types, ft)
	}
	return r
}

var intBits = map[string]int{
	"TINYINT": 8, "INT1": 8, "SMALLINT": 16, "INT2": 16, "MEDIUMINT": 24, "INT3": 24, "MIDDLEINT": 24,
	"INT": 32, "INTEGER": 32, "INT4": 32, "BIGINT": 64, "INT8": 64,
}

// lobBytes are the limits of TEXT and BLOB types (Data Type Storage Requirements).
var lobBytes = map[string]int64{
	"TINYTEXT": 1<<8 - 1, "TEXT": 1<<16 - 1, "MEDIUMTEXT": 1<<24 - 1, "LONGTEXT": 1<<32 - 1, "LONG": 1<<24 - 1, "LONG VARCHAR": 1<<24 - 1, "LONG CHAR VARYING": 1<<24 - 1,
	"TINYBLOB": 1<<8 - 1, "BLOB": 1<<16 - 1, "MEDIUMBLOB": 1<<24 - 1, "LONGBLOB": 1<<32 - 1, "LONG VARBINARY": 1<<24 - 1,
}

var geometryNames = map[string]string{
	"GEOMETRY": "GEOMETRY", "POINT": "POINT", "LINESTRING": "LINESTRING", "POLYGON": "POLYGON", "MULTIPOINT": "MULTIPOINT",
	"MULTILINESTRING": "MULTILINESTRING", "MULTIPOLYGON": "MULTIPOLYGON", "GEOMETRYCOLLECTION": "GEOMETRYCOLLECTION", "GEOMCOLLECTION": "GEOMETRYCOLLECTION",
}

// typeOf finds the type of a name; what the source leaves implicit (lengths, precision) is made explicit.
func (b *builder) typeOf(t *typeSpec) (types.Type, bool) {
	if bits, ok := intBits[t.name]; ok {
		w := t.num(0, 0, &ok)
		return types.Int{Bits: bits, Unsigned: t.unsigned, Width: w, ZeroFill: t.zerofill}, ok && len(t.args) <= 1
	}
	if n, ok := lobBytes[t.name]; ok {
		return b.lob(t, n)
	}
	if k, ok := geometryNames[t.name]; ok {
		return types.Geometry{Kind: k}, len(t.args) == 0
	}
	if r, ok := b.numericType(t); ok {
		return r, true
	}
	if r, ok := b.stringType(t); ok {
		return r, true
	}
	return b.otherType(t)
}

func (b *builder) numericType(t *typeSpec) (types.Type, bool) {
	ok := true
	switch t.name {
	case "BOOL", "BOOLEAN":
		return types.Int{Bits: 8, Width: 1}, len(t.args) == 0
	case "SERIAL":
		return types.Int{Bits: 64, Unsigned: true}, len(t.args) == 0
	case "DECIMAL", "DEC", "NUMERIC", "FIXED":
		p := t.num(0, 10, &ok)
		if p == 0 {
			p = 10
		}
		return types.Decimal{Precision: p, Scale: t.num(1, 0, &ok), Unsigned: t.unsigned, ZeroFill: t.zerofill}, ok && len(t.args) <= 2
	case "FLOAT", "FLOAT4":
		f := types.Float{Bits: 32, Unsigned: t.unsigned}
		switch len(t.args) {
		case 1:
			if t.num(0, 0, &ok) > 24 {
				f.Bits = 64
			}
		case 2:
			f.Digits, f.Decimals = t.num(0, 0, &ok), t.num(1, 0, &ok)
		}
		return f, ok
	case "DOUBLE", "FLOAT8", "REAL":
		f := types.Float{Bits: 64, Unsigned: t.unsigned}
		if t.name == "REAL" && b.mode.RealAsFloat {
			f.Bits = 32
		}
		if len(t.args) == 2 {
			f.Digits, f.Decimals = t.num(0, 0, &ok), t.num(1, 0, &ok)
		}
		return f, ok && len(t.args) != 1
	case "BIT":
		return types.Bit{N: t.num(0, 1, &ok)}, ok
	case "YEAR":
		return types.Year{}, true
	}
	return nil, false
}

func (b *builder) stringType(t *typeSpec) (types.Type, bool) {
	ok := true
	text := types.Text{Charset: t.charset, Collation: t.collationOf()}
	switch t.name {
	case "CHAR", "CHARACTER":
		text.N, text.Fixed = t.num(0, 1, &ok), true
	case "NCHAR", "NATIONAL CHAR", "NATIONAL CHARACTER":
		text.N, text.Fixed, text.Charset = t.num(0, 1, &ok), true, national(t)
	case "VARCHAR", "VARCHARACTER":
		text.N, ok = t.num(0, 0, &ok), ok && len(t.args) == 1
	case "NVARCHAR", "NATIONAL VARCHAR", "NATIONAL VARCHARACTER", "NCHAR VARCHAR", "NCHAR VARCHARACTER", "NVARCHARVARCHAR", "NVARCHARACTER":
		text.N, text.Charset = t.num(0, 0, &ok), national(t)
	case "BINARY":
		return types.Binary{N: t.num(0, 1, &ok), Fixed: true}, ok
	case "VARBINARY":
		return types.Binary{N: t.num(0, 0, &ok)}, ok && len(t.args) == 1
	case "ENUM":
		return types.Enum{Values: t.args, Charset: t.charset, Collation: t.collationOf()}, len(t.args) > 0
	case "SET":
		return types.Set{Values: t.args, Charset: t.charset, Collation: t.collationOf()}, len(t.args) > 0
	default:
		return nil, false
	}
	if text.Charset == "binary" { // MySQL turns character types of this charset into binary types
		return types.Binary{N: text.N, Fixed: text.Fixed}, ok
	}
	return text, ok
}

// national is the charset of NATIONAL types.
func national(t *typeSpec) string {
	if t.charset != "" {
		return t.charset
	}
	t.charset = "utf8mb3"
	return t.charset
}

func (t *typeSpec) collationOf() types.Collation {
	if t.collation == "" && t.binary && t.charset != "" {
		return types.Collation{Name: t.charset + "_bin"}
	}
	return types.Collation{Name: t.collation}
}

func (b *builder) otherType(t *typeSpec) (types.Type, bool) {
	ok := true
	p := t.num(0, 0, &ok)
	ok = ok && p <= 6 && len(t.args) <= 1
	switch t.name {
	case "DATE":
		return types.Date{}, len(t.args) == 0
	case "TIME":
		return types.Time{Precision: p, Duration: true, Truncate: b.cutsFractions()}, ok
	case "DATETIME":
		return types.DateTime{Precision: p, Truncate: b.cutsFractions()}, ok
	case "TIMESTAMP":
		return types.Timestamp{Precision: p, Truncate: b.cutsFractions()}, ok
	case "JSON":
		if b.mariadb() {
			return types.JSON{Kind: types.JSONText}, true
		}
		return types.JSON{}, true
	case "UUID":
		return types.UUID{}, b.mariadb()
	case "INET4":
		return types.Inet{Version: 4}, b.mariadb()
	case "INET6":
		return types.Inet{Version: 6}, b.mariadb()
	}
	return nil, false
}

// lob is TEXT or BLOB. TEXT(n) is the smallest type that holds n characters of four bytes.
func (b *builder) lob(t *typeSpec, limit int64) (types.Type, bool) {
	ok := true
	if n := int64(t.num(0, 0, &ok)); n > 0 && (t.name == "TEXT" || t.name == "BLOB") {
		if t.name == "TEXT" {
			n *= 4
		}
		for _, l := range []int64{1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1} {
			if n <= l {
				limit = l
				break
			}
		}
	}
	if strings.Contains(t.name, "BLOB") || t.name == "LONG VARBINARY" || t.charset == "binary" {
		return types.Binary{MaxBytes: limit}, ok
	}
	return types.Text{MaxBytes: limit, Charset: t.charset, Collation: t.collationOf()}, ok
}

// castType is the target of CAST and CONVERT (Cast Functions and Operators).
func (b *builder) castType(c g.IDataTypeContext) (types.Type, bool) {
	t := b.spec(c)
	ok := true
	switch t.name {
	case "SIGNED", "INTEGER", "INT":
		return types.Int{Bits: 64}, len(t.args) == 0
	case "UNSIGNED":
		return types.Int{Bits: 64, Unsigned: true}, len(t.args) == 0
	case "CHAR", "CHARACTER", "VARCHAR":
		if t.charset == "binary" {
			return types.Binary{N: t.num(0, 0, &ok)}, ok
		}
		return types.Text{N: t.num(0, 0, &ok), Charset: t.charset, Collation: t.collationOf()}, ok
	case "NCHAR", "NATIONAL CHAR":
		return types.Text{N: t.num(0, 0, &ok), Charset: national(&t)}, ok
	case "BINARY":
		n := t.num(0, 0, &ok)
		return types.Binary{N: n, Fixed: n > 0}, ok
	case "DECIMAL", "DEC", "NUMERIC", "FLOAT", "DOUBLE", "REAL", "DATE", "TIME", "DATETIME", "YEAR", "JSON", "UUID", "INET4", "INET6":
		return b.typeOf(&t)
	}
	return nil, false
}

// cutsFractions tells that a store drops digits of the second's fraction instead of rounding: the rule in MariaDB, a mode in MySQL.
func (b *builder) cutsFractions() bool {
	return b.mode.TruncateFractions || b.mariadb() && !b.mode.RoundFractions
}
