package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
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
	row       *types.Row // ROW (name type, ...)
}

// typeSpec reads a data type without judging it.
func (p *parser) typeSpec() typeSpec {
	var t typeSpec
	switch k := p.Kind(); k {
	case kTypeOf, kRowTypeOf:
		p.Next()
		q := p.qname()
		if k == kTypeOf {
			t.typeOf = &q
		} else {
			t.rowOf = &q
		}
	case kUnsigned, kSigned, kBinary, kSet:
		t.name = p.upper(p.Next())
		if k == kUnsigned || k == kSigned {
			p.Accept(kTypeWord)
		}
	case kRow:
		p.rowSpec(&t)
	case kTypePrefix, kIdent, kQIdent, kCharset, kSequence:
		p.typeName(&t)
	default:
		p.Fail("a data type")
	}
	if p.Kind() == kLP {
		p.typeArgs(&t)
	}
	for p.typeAttr(&t) {
	}
	return t
}

// typeName reads the words of a type's name.
func (p *parser) typeName(t *typeSpec) {
	prefix := ""
	if p.Kind() == kTypePrefix {
		prefix = p.upper(p.Next()) + " "
	}
	switch p.Kind() {
	case kQIdent:
		t.name = prefix + strings.ToUpper(p.ident().Text)
	case kIdent, kCharset, kSequence:
		t.name = p.upper(p.Next())
		if prefix != "" {
			t.name = prefix + t.name
		}
	default:
		p.Fail("a data type")
	}
	if p.Kind() == kTypeWord {
		if w := p.upper(p.Next()); w != "PRECISION" {
			t.name = strings.TrimSuffix(t.name, "CHARACTER")
			t.name = strings.TrimSuffix(t.name, "CHAR") + "VARCHAR"
		}
	}
}

// rowSpec reads MariaDB's ROW (name type, ...).
func (p *parser) rowSpec(t *typeSpec) {
	t.name = p.upper(p.Next())
	t.row = &types.Row{}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		t.row.Names = append(t.row.Names, p.ident().Text)
		p.Enter()
		ft, _ := p.dataType()
		p.Leave()
		t.row.Types = append(t.row.Types, ft)
	}
	p.Expect(kRP)
}

// typeArgs reads the arguments of a type: numbers, or the values of ENUM and SET.
func (p *parser) typeArgs(t *typeSpec) {
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		switch p.Kind() {
		case kString:
			t.args = append(t.args, p.stringAt(p.Next()))
		case kNumber, kHex, kIdent:
			t.args = append(t.args, p.TextAt(p.Next()))
		default:
			p.Fail("a number", "a string")
		}
	}
	p.Expect(kRP)
}

// typeAttr reads an attribute of a type; false if there is none.
func (p *parser) typeAttr(t *typeSpec) bool {
	k := p.Kind()
	switch k {
	case kUnsigned, kSigned, kZeroFill, kBinary, kCharset, kCollate:
		p.Next()
	default:
		return false
	}
	switch k {
	case kUnsigned:
		t.unsigned = true
	case kZeroFill:
		t.zerofill, t.unsigned = true, true
	case kBinary:
		t.binary = true
	case kCharset:
		t.charset = p.charsetName()
	case kCollate:
		t.collation = p.charsetName()
	}
	return true
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

// empty tells a length that is written as 0: casts to it are empty, and no type of the target has it.
func (t *typeSpec) empty() bool { return len(t.args) > 0 && strings.Trim(t.args[0], "0") == "" }

// dataType reads the type of a column, variable or parameter. An unknown one is types.Unknown with a finding.
func (p *parser) dataType() (types.Type, typeSpec) {
	i := p.Pos
	t := p.typeSpec()
	r := p.typeOfSpec(&t, i) // may complete the specification
	return r, t
}

// typeOfSpec is the type of a specification that was read from the i-th token on.
func (p *parser) typeOfSpec(t *typeSpec, i int) types.Type {
	if t.typeOf != nil || t.rowOf != nil {
		return types.Unknown{Why: "declared by reference"}
	}
	if t.row != nil {
		return *t.row
	}
	if r, ok := p.typeOf(t); ok {
		return r
	}
	s := p.SpanFrom(i)
	p.report(codeType, s, "the data type %s is not known", s.Text())
	return types.Unknown{Why: "unknown type " + t.name}
}

// intBits is the width of an integer type, 0 for all others.
func intBits(name string) int {
	switch name {
	case "TINYINT", "INT1":
		return 8
	case "SMALLINT", "INT2":
		return 16
	case "MEDIUMINT", "INT3", "MIDDLEINT":
		return 24
	case "INT", "INTEGER", "INT4":
		return 32
	case "BIGINT", "INT8":
		return 64
	}
	return 0
}

// typeOf finds the type of a name; what the source leaves implicit (lengths, precision) is made explicit.
func (p *parser) typeOf(t *typeSpec) (types.Type, bool) {
	if bits := intBits(t.name); bits > 0 {
		ok := true
		w := t.num(0, 0, &ok)
		if w == 0 && t.zerofill {
			w = map[int]int{8: 3, 16: 5, 24: 8, 32: 10, 64: 20}[bits]
		}
		return types.Int{Bits: bits, Unsigned: t.unsigned, Width: w, ZeroFill: t.zerofill}, ok && len(t.args) <= 1
	}
	if r, ok := p.stringType(t); ok {
		return r, true
	}
	if n := lobBytes(t.name); n > 0 {
		return p.lob(t, n)
	}
	if r, ok := p.numericType(t); ok {
		return r, true
	}
	switch t.name {
	case "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION":
		return types.Geometry{Kind: t.name}, len(t.args) == 0
	case "GEOMCOLLECTION":
		return types.Geometry{Kind: "GEOMETRYCOLLECTION"}, len(t.args) == 0
	}
	return p.otherType(t)
}

func (p *parser) numericType(t *typeSpec) (types.Type, bool) {
	ok := true
	switch t.name {
	case "BOOL", "BOOLEAN":
		return types.Int{Bits: 8, Width: 1}, len(t.args) == 0
	case "SERIAL":
		return types.Int{Bits: 64, Unsigned: true}, len(t.args) == 0
	case "DECIMAL", "DEC", "NUMERIC", "FIXED":
		digits := t.num(0, 10, &ok)
		if digits == 0 {
			digits = 10
		}
		return types.Decimal{Precision: digits, Scale: t.num(1, 0, &ok), Unsigned: t.unsigned, ZeroFill: t.zerofill}, ok && len(t.args) <= 2
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
		if t.name == "REAL" && p.mode.RealAsFloat {
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

func (p *parser) stringType(t *typeSpec) (types.Type, bool) {
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

func (p *parser) otherType(t *typeSpec) (types.Type, bool) {
	ok := true
	n := t.num(0, 0, &ok)
	ok = ok && n <= 6 && len(t.args) <= 1
	switch t.name {
	case "DATE":
		return types.Date{}, len(t.args) == 0
	case "TIME":
		return types.Time{Precision: n, Duration: true, Truncate: p.cutsFractions()}, ok
	case "DATETIME":
		return types.DateTime{Precision: n, Truncate: p.cutsFractions()}, ok
	case "TIMESTAMP":
		return types.Timestamp{Precision: n, Truncate: p.cutsFractions()}, ok
	case "JSON":
		if p.mariadb() {
			return types.JSON{Kind: types.JSONText}, true
		}
		return types.JSON{}, true
	case "UUID":
		return types.UUID{}, p.mariadb()
	case "INET4":
		return types.Inet{Version: 4}, p.mariadb()
	case "INET6":
		return types.Inet{Version: 6}, p.mariadb()
	}
	return nil, false
}

// lobBytes are the limits of TEXT and BLOB types (Data Type Storage Requirements); 0 for all others.
func lobBytes(name string) int64 {
	switch name {
	case "TINYTEXT", "TINYBLOB":
		return 1<<8 - 1
	case "TEXT", "BLOB":
		return 1<<16 - 1
	case "MEDIUMTEXT", "MEDIUMBLOB", "LONG", "LONG VARCHAR", "LONG CHAR VARYING", "LONG VARBINARY":
		return 1<<24 - 1
	case "LONGTEXT", "LONGBLOB":
		return 1<<32 - 1
	}
	return 0
}

// lob is TEXT or BLOB. TEXT(n) is the smallest type that holds n characters of four bytes.
func (p *parser) lob(t *typeSpec, limit int64) (types.Type, bool) {
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
func (p *parser) castType(t *typeSpec) (types.Type, bool) {
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
		return types.Text{N: t.num(0, 0, &ok), Charset: t.charset, Collation: t.collationOf()}, ok && !t.empty()
	case "NCHAR", "NATIONAL CHAR":
		return types.Text{N: t.num(0, 0, &ok), Charset: national(t)}, ok && !t.empty()
	case "BINARY":
		n := t.num(0, 0, &ok)
		return types.Binary{N: n, Fixed: n > 0}, ok && !t.empty()
	case "DECIMAL", "DEC", "NUMERIC", "FLOAT", "DOUBLE", "REAL", "DATE", "TIME", "DATETIME", "YEAR", "JSON", "UUID", "INET4", "INET6":
		return p.typeOf(t)
	}
	return nil, false
}

// cutsFractions tells that a store drops digits of the second's fraction instead of rounding: the rule in MariaDB, a mode in MySQL.
func (p *parser) cutsFractions() bool {
	return p.mode.TruncateFractions || p.mariadb() && !p.mode.RoundFractions
}
