package oracle

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// binaryCollation compares the bytes of texts, as all comparisons do unless NLS_COMP and NLS_SORT say otherwise.
var binaryCollation = types.Collation{Name: "BINARY", Binary: true}

// dataType reads the type of a column, variable, parameter, field or cast: a built-in one, the name of a user's type (types.Ref), or
// that of something else by %TYPE and %ROWTYPE (types.Ref with Attr).
func (p *parser) dataType() types.Type {
	i := p.Pos
	if p.Kind() == kInterval {
		return p.intervalType()
	}
	if p.Kind() == kIdent && p.Ahead(1) != kDot && p.Ahead(1) != kPercent {
		w := p.upper(i)
		p.Next()
		if t := p.numberType(w); t != nil {
			return t
		}
		if t := p.textType(w, i); t != nil {
			return t
		}
		if t := p.otherType(w, i); t != nil {
			return t
		}
		p.Pos = i
	}
	return p.namedType()
}

// namedType reads the name of a type that is declared somewhere, or of something whose type is meant.
func (p *parser) namedType() types.Type {
	i := p.Pos
	if p.acceptRef() {
		q := p.qname()
		p.report(codeRef, p.SpanFrom(i), "REF %s", q)
		return types.Text{EmptyIsNull: true, Collation: binaryCollation}
	}
	q := p.qname()
	t := types.Ref{Name: q.String()}
	switch t.Name {
	case "SYS.ANYDATA", "SYS.ANYTYPE", "SYS.ANYDATASET", "SYS.URITYPE", "SYS.HTTPURITYPE":
		return p.refuseType(i, "the data type "+t.Name)
	case "SYS.XMLTYPE":
		return types.XML{}
	}
	if p.Accept(kAt) {
		p.dbLink()
		if p.Accept(kPercent) && p.acceptAny("TYPE", "ROWTYPE") == "" {
			p.Fail("TYPE", "ROWTYPE")
		}
		return p.refuseType(i, "the type of something behind a database link")
	}
	if p.Accept(kPercent) {
		w := p.acceptAny("TYPE", "ROWTYPE")
		if w == "" {
			p.Fail("TYPE", "ROWTYPE")
		}
		t.Attr = w
	}
	return t
}

// refuseType refuses a data type: within PL/SQL what has the type, elsewhere the whole statement.
func (p *parser) refuseType(i int, what string) types.Type {
	if !p.plsql {
		p.giveUp(i, codeType, what)
	}
	p.report(codeType, p.SpanFrom(i), "%s is not converted", what)
	return types.Unknown{Why: what + " is not converted"}
}

// acceptRef tells that REF type, a pointer to a row of an object table or view, begins here, and steps over REF.
func (p *parser) acceptRef() bool {
	if p.is("REF") && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
		return true
	}
	return false
}

// dbLink reads the name of a database link behind its @.
func (p *parser) dbLink() ir.Ident {
	id := p.anyIdent()
	for p.Kind() == kDot {
		p.Next()
		id.Text += "." + p.anyIdent().Text
	}
	if p.Accept(kAt) {
		id.Text += "@" + p.anyIdent().Text
	}
	return id
}

// numberType reads on behind the name of a type of numbers; nil if it is none.
func (p *parser) numberType(w string) types.Type {
	switch w {
	case "NUMBER", "NUMERIC", "DECIMAL", "DEC":
		prec, scale, n := p.precision()
		switch {
		case n == 0 && w == "NUMBER":
			return types.Decimal{}
		case n == 0:
			return types.Decimal{Precision: 38}
		}
		return types.Decimal{Precision: prec, Scale: scale}
	case "INTEGER", "INT", "SMALLINT":
		if prec, _, n := p.precision(); n > 0 {
			return types.Decimal{Precision: prec}
		}
		return types.Decimal{Precision: 38}
	case "FLOAT":
		from := p.Pos - 1
		if n, _, given := p.precision(); given > 0 {
			p.binaryDigits(from, n)
		}
		return types.Decimal{}
	case "REAL":
		p.binaryDigits(p.Pos-1, 63)
		return types.Decimal{}
	case "DOUBLE":
		p.expectWord("PRECISION")
		return types.Decimal{}
	case "BINARY_FLOAT":
		return types.Float{Bits: 32}
	case "BINARY_DOUBLE":
		return types.Float{Bits: 64}
	case "PLS_INTEGER", "BINARY_INTEGER":
		return types.Int{Bits: 32}
	}
	return nil
}

// binaryDigits reports that numbers of n binary digits are not rounded any more.
func (p *parser) binaryDigits(from, n int) {
	switch {
	case n < 53:
		p.report(codeRounds, p.SpanFrom(from), "FLOAT(%d) rounds to about %d digits", n, max(n*30103/100000, 1))
	case n < 126:
		p.report(codeDigits, p.SpanFrom(from), "%s rounds to about %d digits", p.wordsFrom(from, from+1), n*30103/100000)
	}
}

// precision reads (p), (p, s), (*) or (*, s); n is how many numbers there are. A star is the greatest precision.
func (p *parser) precision() (prec, scale, n int) {
	if !p.Accept(kLP) {
		return 0, 0, 0
	}
	star := p.Kind() == kStar
	if star {
		p.Next()
		prec = 38
	} else {
		prec = p.signed()
	}
	n = 1
	if p.Accept(kComma) {
		scale, n = p.signed(), 2
	} else if star {
		prec, n = 0, 1
	}
	p.Expect(kRP)
	return prec, scale, n
}

// signed reads an integer with its sign.
func (p *parser) signed() int {
	sign := 1
	if p.Accept(kMinus) {
		sign = -1
	} else {
		p.Accept(kPlus)
	}
	return sign * p.number()
}

// number reads a small integer without a sign.
func (p *parser) number() int {
	n, err := strconv.Atoi(p.TextAt(p.Expect(kNumber)))
	if err != nil {
		p.FailAt(p.Pos-1, "an integer")
	}
	return n
}

// textType reads on behind the name of a type of texts, which is the i-th token; nil if it is none.
func (p *parser) textType(w string, i int) types.Type {
	t := types.Text{EmptyIsNull: true, Collation: binaryCollation, Unit: p.lengthUnit()}
	switch w {
	case "VARCHAR2", "VARCHAR", "STRING":
		p.textLength(&t)
	case "NVARCHAR2":
		t.Unit = types.Chars
		p.textLength(&t)
	case "CHAR", "CHARACTER", "NCHAR":
		if w == "NCHAR" {
			t.Unit = types.Chars
		}
		if p.acceptWords("LARGE", "OBJECT") {
			return types.Text{Collation: binaryCollation}
		}
		t.Fixed = !p.acceptWord("VARYING")
		p.textLength(&t)
		if t.Fixed && t.N == 0 {
			t.N = 1
		}
	case "NATIONAL":
		if p.acceptAny("CHARACTER", "CHAR") == "" {
			p.Pos = i
			return nil
		}
		t.Unit, t.Fixed = types.Chars, !p.acceptWord("VARYING")
		p.textLength(&t)
	case "CLOB", "NCLOB":
		return types.Text{Collation: binaryCollation}
	case "LONG":
		if p.acceptWord("RAW") {
			return types.Binary{}
		}
		if p.is("VARCHAR") {
			p.Next()
		}
		return types.Text{EmptyIsNull: true, Collation: binaryCollation}
	case "ROWID", "UROWID":
		p.precision()
		p.report(codeRowID, p.SpanFrom(i), "%s is kept as text", w)
		return types.Text{Collation: binaryCollation, EmptyIsNull: true}
	default:
		return nil
	}
	return t
}

// lengthUnit is what lengths of texts count where nothing is said.
func (p *parser) lengthUnit() types.Unit {
	for _, k := range []string{"nls-length-semantics", "char-semantics"} {
		if v := p.state.settings[k]; v != "" {
			if strings.EqualFold(v, "char") {
				return types.Chars
			}
			return types.Bytes
		}
	}
	return types.Bytes
}

// textLength reads (n [BYTE | CHAR]) if it is there.
func (p *parser) textLength(t *types.Text) {
	if !p.Accept(kLP) {
		return
	}
	t.N = p.size()
	switch p.acceptAny("BYTE", "CHAR") {
	case "BYTE":
		t.Unit = types.Bytes
	case "CHAR":
		t.Unit = types.Chars
	}
	p.Expect(kRP)
}

// otherType reads on behind the name of any other type, which is the i-th token; nil if it is none.
func (p *parser) otherType(w string, i int) types.Type {
	switch w {
	case "DATE":
		return types.DateTime{}
	case "TIMESTAMP":
		return p.timestampType(i)
	case "RAW":
		if !p.Accept(kLP) {
			return types.Binary{MaxBytes: 32767} // a parameter's, which no BLOB is
		}
		n := p.size()
		p.Expect(kRP)
		return types.Binary{N: n}
	case "BLOB":
		return types.Binary{}
	case "BINARY":
		if p.acceptWords("LARGE", "OBJECT") {
			return types.Binary{}
		}
	case "BOOLEAN":
		return types.Bool{}
	case "XMLTYPE":
		return types.XML{}
	case "JSON":
		if p.Kind() == kLP {
			p.parens()
		}
		return types.JSON{}
	case "SYS_REFCURSOR":
		return types.Cursor{}
	case "BFILE", "ANYDATA", "ANYTYPE", "ANYDATASET", "VECTOR", "MLSLABEL":
		return p.refuseType(i, "the data type "+w)
	}
	return nil
}

// timestampType reads on behind TIMESTAMP.
func (p *parser) timestampType(i int) types.Type {
	n, _, given := p.precision()
	if given == 0 {
		n = 6
	}
	if !p.Accept(kWith) {
		return types.DateTime{Precision: n, Stamp: n == 0}
	}
	local := p.acceptWord("LOCAL")
	p.expectWords("TIME", "ZONE")
	if !local {
		p.report(codeZone, p.SpanFrom(i), "the value keeps its moment and loses its time zone")
	}
	return types.Timestamp{Precision: n, Local: local}
}

// intervalType reads INTERVAL YEAR TO MONTH and INTERVAL DAY TO SECOND; in PL/SQL the names of unlimited ones.
func (p *parser) intervalType() types.Type {
	i := p.Pos
	p.Next()
	if p.acceptWord("YEAR") {
		digits, _, _ := p.precision()
		p.Expect(kTo)
		p.expectWord("MONTH")
		p.report(codeLeading, p.SpanFrom(i), "the digits of years are not limited")
		return types.Interval{Months: true, Digits: digits}
	}
	p.expectWord("DAY")
	digits, _, _ := p.precision()
	p.Expect(kTo)
	p.expectWord("SECOND")
	n, _, given := p.precision()
	if given == 0 {
		n = 6
	}
	p.report(codeLeading, p.SpanFrom(i), "the digits of days are not limited")
	return types.Interval{Precision: n, Whole: given > 0 && n == 0, Digits: digits}
}
