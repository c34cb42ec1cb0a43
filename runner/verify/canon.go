package verify

import (
	"fmt"
	"strings"

	"godwit/ir/types"
)

// canon is a pair of expressions, one per server, that give the same bytes for the same value and different bytes for
// different values. Both give NULL for NULL.
type canon struct {
	mysql, pg string
	// sized tells that the bytes may be anything, so that a length must stand before them in a row's text;
	// otherwise they are free of '|' and '~'.
	sized bool
	// digest tells that the expression is a hash of the value, not the value.
	digest bool
	// json tells that the expressions give a JSON document, which only a client can normalise.
	json bool
	// invalid is set for text of which the source may hold some that is none, and which is replaced.
	invalid *invalidText
	// find is how a value of this canonical text is compared with the column so that an index can serve;
	// nil when it cannot. Each holds one %s for the parameter.
	find *finder
}

// maxKeyText is the longest text that a key of InnoDB holds whole; a key is compared and reported as it is.
const maxKeyText = 3072

// finder turns a canonical text back into a value of the column.
type finder struct{ mysql, pg string }

// inlineBytes is the longest text that goes into a row's text as it is; longer ones go as their hash. It keeps the
// row's text far below max_allowed_packet, beyond which MySQL's CONCAT returns NULL.
const inlineBytes = 255

// target is a column of the target as its catalog describes it.
type target struct {
	name   string
	base   string // pg_type.typname of the type, below domains; the element's with a leading "_" for arrays
	kind   byte   // pg_type.typtype of it: b base, e enum, c composite, r range
	schema string // schema of the type
}

// cast names the type for a cast without its length.
func (t target) cast() string { return ident(t.schema) + "." + ident(t.base) }

func (t target) is(bases ...string) bool {
	for _, b := range bases {
		if t.base == b && t.schema == "pg_catalog" {
			return true
		}
	}
	return false
}

func (t target) text() bool {
	return t.is("text", "varchar", "bpchar") || t.base == "citext" || t.kind == 'e'
}

func (t target) integer() bool { return t.is("int2", "int4", "int8", "numeric") }

// canonOf builds the expressions for a source column m (quoted) of type typ that lives in the target column t.
// key tells that the column is part of the table's key. A pair of types that is not known is an error: the table is
// then unverifiable, never skipped.
func (v Values) canonOf(m string, typ types.Type, t target, key bool) (canon, error) {
	p := ident(t.name)
	c, ok := canon{}, false
	switch typ := typ.(type) {
	case types.Int:
		c, ok = canonNumber(m, p, t)
	case types.Year:
		c, ok = canonNumber(m, p, t)
	case types.Bit:
		c, ok = canonBit(m, p, typ, t)
	case types.Decimal:
		c, ok = canonDecimal(m, p, typ, t)
	case types.Float:
		c, ok = canonFloat(m, p, typ, t)
	case types.Text:
		c, ok = v.canonText(m, p, typ, t, key)
	case types.Enum:
		c, ok = v.canonLabel(m, p, t)
	case types.Set:
		c, ok = canonSet(m, p, t)
	case types.Binary, types.Geometry:
		c, ok = canonBinary(m, p, typ, t)
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		c, ok = v.canonTime(m, p, typ, t)
	case types.JSON:
		c, ok = canonJSON(m, p, typ, t)
	case types.UUID:
		c, ok = canonUUID(m, p, t)
	case types.Inet:
		c, ok = canonInet(m, p, t)
	}
	if !ok {
		return canon{}, fmt.Errorf("values of source type %v cannot be compared with target type %s", typ, t.base)
	}
	return c, nil
}

// pgNumber is a whole or decimal number without trailing zeros and without "-0".
func pgNumber(p string, t target) (string, bool) {
	switch {
	case t.is("int2", "int4", "int8"):
		return p + "::text", true
	case t.is("numeric"):
		return "trim_scale(" + p + ")::text", true
	case t.is("bool"):
		return "CASE WHEN " + p + " THEN '1' WHEN NOT " + p + " THEN '0' END", true
	}
	return "", false
}

// canonNumber covers INT of every size and YEAR. Adding 0 takes the zeros of ZEROFILL away.
func canonNumber(m, p string, t target) (canon, bool) {
	pg, ok := pgNumber(p, t)
	c := canon{mysql: "CAST(" + m + " + 0 AS CHAR)", pg: pg}
	if t.integer() {
		c.find = &finder{"CAST(%s AS DECIMAL(20,0))", "CAST(%s::text AS " + t.cast() + ")"}
	}
	return c, ok
}

func canonBit(m, p string, typ types.Bit, t target) (canon, bool) {
	if t.is("bit", "varbit") {
		return canon{mysql: fmt.Sprintf("LPAD(BIN(%s + 0), %d, '0')", m, typ.N), pg: p + "::text"}, true
	}
	if t.is("bytea") {
		return canon{mysql: fmt.Sprintf("LPAD(HEX(%s + 0), %d, '0')", m, (typ.N+7)/8*2), pg: pgHex(p)}, true
	}
	return canonNumber(m, p, t)
}

// canonDecimal trims zeros on both sides: the target may be a numeric of any scale.
func canonDecimal(m, p string, typ types.Decimal, t target) (canon, bool) {
	pg, ok := pgNumber(p, t)
	if t.is("bool") {
		return canon{}, false
	}
	// CAST gives a decimal's zeros; a value without a point must keep those before it.
	text := "CAST(" + m + " + 0 AS CHAR)"
	my := fmt.Sprintf("IF(%s = 0, '0', IF(LOCATE('.', %s) = 0, %s, TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM %s))))", m, text, text, text)
	c := canon{mysql: my, pg: pg}
	if t.integer() {
		c.find = &finder{fmt.Sprintf("CAST(%%s AS DECIMAL(65,%d))", typ.Scale), "CAST(%s::text AS " + t.cast() + ")"}
	}
	return c, ok
}

// canonFloat compares the bits. MySQL prints FLOAT with six digits and its shortest form of a DOUBLE may end
// otherwise than PostgreSQL's (1e23); a POINT holds the number as IEEE 754, little endian, at byte 10.
func canonFloat(m, p string, typ types.Float, t target) (canon, bool) {
	if !t.is("float4", "float8", "numeric") {
		return canon{}, false
	}
	as := "::float8"
	if typ.Bits == 32 {
		as = "::float4::float8"
	}
	return canon{
		mysql:  "HEX(REVERSE(SUBSTR(POINT(" + m + ", 0), 10, 8)))",
		pg:     "upper(encode(float8send(" + p + as + `), 'hex') COLLATE "C")`,
		digest: true,
	}, true
}

// asUTF8 converts a text column to UTF-8 bytes.
func asUTF8(m, charset string) string {
	switch strings.ToLower(charset) {
	case "utf8mb4", "utf8mb3", "utf8", "ascii":
		return "CAST(" + m + " AS BINARY)"
	}
	return "CAST(CONVERT(" + m + " USING utf8mb4) AS BINARY)"
}

func (v Values) canonText(m, p string, typ types.Text, t target, key bool) (canon, bool) {
	if !t.text() {
		if t.is("json", "jsonb") {
			return canonJSON(m, p, types.JSON{Kind: types.JSONText}, t)
		}
		return canon{}, false
	}
	if v.InvalidText == "replace" {
		return v.canonInvalid(m, p, typ.Charset), true
	}
	if !shortText(typ) && !(key && typ.N > 0 && typ.N <= maxKeyText) {
		return canon{mysql: "MD5(" + v.text(m, typ.Charset) + ")", pg: "md5(" + p + "::text)", digest: true}, true
	}
	return inlineText(v.text(m, typ.Charset), p, t), true
}

func shortText(t types.Text) bool {
	if t.N == 0 {
		return t.MaxBytes > 0 && t.MaxBytes <= inlineBytes
	}
	if t.Unit == types.Bytes {
		return t.N <= inlineBytes
	}
	return t.N <= inlineBytes
}

// inlineText may be looked up by an index: the collation can only find more rows than the exact text, and those are
// dropped by their canonical key.
func inlineText(my, p string, t target) canon {
	return canon{mysql: my, pg: p + "::text", sized: true, find: &finder{"%s", "CAST(%s::text AS " + t.cast() + ")"}}
}

func (v Values) canonLabel(m, p string, t target) (canon, bool) {
	if !t.text() {
		return canon{}, false
	}
	c := inlineText(v.text("CONCAT("+m+", '')", ""), p, t)
	c.find = &finder{"%s", "%s"}
	if t.kind != 'e' {
		c.find.pg = "CAST(%s::text AS " + t.cast() + ")"
	} else {
		// A label that the type does not have must find nothing, not fail.
		c.find = nil
	}
	return c, true
}

func canonSet(m, p string, t target) (canon, bool) {
	c := canon{mysql: asUTF8("CONCAT("+m+", '')", ""), sized: true}
	switch {
	case strings.HasPrefix(t.base, "_"):
		c.pg = "array_to_string(" + p + ", ',', '~')"
	case t.text():
		c.pg = p + "::text"
	default:
		return canon{}, false
	}
	return c, true
}

func pgHex(p string) string { return "upper(encode(" + p + `, 'hex') COLLATE "C")` }

func canonBinary(m, p string, typ types.Type, t target) (canon, bool) {
	if t.is("uuid") {
		return canon{mysql: "LOWER(HEX(" + m + "))", pg: "replace(" + p + "::text, '-', '')", find: &finder{"UNHEX(%s)", "CAST(%s::text AS uuid)"}}, true
	}
	if !t.is("bytea") {
		return canon{}, false
	}
	if b, ok := typ.(types.Binary); ok && b.N > 0 && b.N <= inlineBytes {
		return canon{mysql: "HEX(" + m + ")", pg: pgHex(p), find: &finder{"UNHEX(%s)", "decode(%s::text, 'hex')"}}, true
	}
	return canon{mysql: "MD5(" + m + ")", pg: "md5(" + p + ")", digest: true}, true
}

// trimFraction takes the zeros of the second's fraction away, as PostgreSQL prints it.
func trimFraction(s string, precision int) string {
	if precision == 0 {
		return s
	}
	return "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + s + "))"
}

func (v Values) canonTime(m, p string, typ types.Type, t target) (canon, bool) {
	text := "CAST(" + m + " AS CHAR)"
	find := &finder{"%s", "CAST(%s::text AS " + t.cast() + ")"}
	c, ok := canonTemporal(m, p, typ, t, text, find)
	if _, span := typ.(types.Time); !span {
		c.mysql = v.date(m, c.mysql, typ)
	}
	return c, ok
}

func canonTemporal(m, p string, typ types.Type, t target, text string, find *finder) (canon, bool) {
	switch typ := typ.(type) {
	case types.Date:
		return canon{mysql: text, pg: p + "::text", find: find}, t.is("date")
	case types.Time:
		return canon{mysql: trimFraction(text, typ.Precision), pg: p + "::text", find: find}, t.is("time", "interval")
	case types.DateTime:
		return canon{mysql: trimFraction(text, typ.Precision), pg: p + "::text", find: find}, t.is("timestamp")
	case types.Timestamp:
		c := canon{mysql: trimFraction(text, typ.Precision), pg: p + "::text", find: find}
		if t.is("timestamptz") {
			// Sessions on both sides are in UTC.
			c.pg = "(" + p + " AT TIME ZONE 'UTC')::text"
		}
		return c, t.is("timestamp", "timestamptz")
	}
	return canon{}, false
}

// canonJSON compares texts where the target is a text, and documents where it is a document: there the order of members
// and blanks mean nothing. Members of one name are all compared.
func canonJSON(m, p string, typ types.JSON, t target) (canon, bool) {
	if typ.Kind == types.JSONText && t.text() {
		return canon{mysql: "MD5(" + asUTF8(m, "") + ")", pg: "md5(" + p + "::text)", digest: true}, true
	}
	if !t.is("json", "jsonb") && !t.text() {
		return canon{}, false
	}
	return canon{mysql: "CONVERT(" + m + " USING utf8mb4)", pg: p + "::text", json: true, sized: true, digest: true}, true
}

func canonUUID(m, p string, t target) (canon, bool) {
	c := canon{mysql: "LOWER(CAST(" + m + " AS CHAR))", pg: p + "::text", find: &finder{"%s", "CAST(%s::text AS " + t.cast() + ")"}}
	return c, t.is("uuid") || t.text()
}

func canonInet(m, p string, t target) (canon, bool) {
	c := canon{mysql: "CAST(" + m + " AS CHAR)", pg: "host(" + p + ")"}
	if t.text() {
		c.pg = p + "::text"
	}
	return c, t.is("inet") || t.text()
}

// ident quotes a name of the target, quoteMySQL one of the source.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteMySQL(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// rowText is the injective text of a row: each column's bytes or ~ for NULL, sized ones behind their length.
// rowBytes makes the same text on the client.
func rowText(cs []canon, d *dialect) string {
	parts := make([]string, 0, 2*len(cs))
	for _, c := range cs {
		parts = append(parts, d.column(d.pick(c), c.sized), "'|'")
	}
	return d.concat(parts)
}

// dialect spells what differs between the two servers.
type dialect struct {
	quote  func(string) string
	pick   func(canon) string
	column func(expr string, sized bool) string
	concat func([]string) string
	// number turns the first hexadecimal digits of a hash into a number.
	number func(hash string, digits int) string
	// divide divides whole numbers and cuts toward zero; wide tells that the column is no integer on the target.
	divide func(column, by string, wide bool) string
	// parameter is the n-th parameter of a statement, from 1.
	parameter func(n int) string
	find      func(*finder) string
}

var mysqlDialect = &dialect{
	quote: quoteMySQL,
	pick:  func(c canon) string { return c.mysql },
	column: func(e string, sized bool) string {
		if sized {
			return "IFNULL(CONCAT(LENGTH(" + e + "), ':', " + e + "), '~')"
		}
		return "IFNULL(" + e + ", '~')"
	},
	concat:    func(p []string) string { return "CONCAT(" + strings.Join(p, ", ") + ")" },
	number:    func(h string, n int) string { return fmt.Sprintf("CAST(CONV(LEFT(%s, %d), 16, 10) AS UNSIGNED)", h, n) },
	divide:    func(c, by string, _ bool) string { return c + " DIV " + by },
	parameter: func(int) string { return "?" },
	find:      func(f *finder) string { return f.mysql },
}

var pgDialect = &dialect{
	quote: ident,
	pick:  func(c canon) string { return c.pg },
	column: func(e string, sized bool) string {
		if sized {
			return "coalesce(octet_length(" + e + ")::text || ':' || " + e + ", '~')"
		}
		return "coalesce(" + e + ", '~')"
	},
	// concat() takes at most 100 arguments.
	concat: func(p []string) string { return "(" + strings.Join(p, " || ") + ")" },
	number: func(h string, n int) string { return fmt.Sprintf("('x' || left(%s, %d))::bit(%d)::int8", h, n, 4*n) },
	divide: func(c, by string, wide bool) string {
		if wide {
			return "div(" + c + ", " + by + ")"
		}
		return c + "::int8 / " + by
	},
	parameter: func(n int) string { return fmt.Sprintf("$%d", n) },
	find:      func(f *finder) string { return f.pg },
}
