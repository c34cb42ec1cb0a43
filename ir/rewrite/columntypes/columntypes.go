// Package columntypes gives columns their types, collations and ranges on the target.
package columntypes

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/define"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	noType = &diag.Code{
		ID: "TY0100", Title: "column type without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The type of the column is not known, or the target has none like it.",
		Next: "Choose a type for the column by hand.", Learn: 1, Each: 0.5,
	}
	trailingBlanks = &diag.Code{
		ID: "TY0101", Title: "trailing blanks count on the target", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The collation of these columns ignores blanks at the end when it compares (PAD SPACE), and CHAR columns lose them when they are read. On the target blanks are " +
			"kept and compared. The same behaviour follows as long as no stored or compared value ends in blanks (MySQL Reference Manual, The CHAR and VARCHAR Types).",
		Next: "Look for such values: SELECT COUNT(*) FROM t WHERE c LIKE '% '.",
	}
	geometry = &diag.Code{
		ID: "TY0102", Title: "spatial column", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc: "PostgreSQL has no spatial types of this kind without an extension. The column is kept as bytea (well-known binary); functions on it are not converted. By the policy spatial=postgis it is of the " +
			"extension's type geometry, which takes any reference system.",
		Next: "Install PostGIS and change the column to geometry, or keep the bytes.", Learn: 4, Each: 1,
	}
	textLimit = &diag.Code{
		ID: "TY0103", Title: "TEXT and BLOB are not limited to 65,535 bytes", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source refuses longer values in strict mode; text and bytea take up to 1 GB.",
		Next: "Add a CHECK where the limit is wanted.",
	}
	zeroFill = &diag.Code{
		ID: "TY0104", Title: "ZEROFILL is a matter of display", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "Values of a ZEROFILL column are shown padded with zeros. Where converted code uses the column as text the zeros are added; a client that reads the number gets it without them " +
			"(MySQL Reference Manual, Numeric Type Attributes).",
		Next: "Pad in the client: lpad(c::text, n, '0').",
	}
	invisible = &diag.Code{
		ID: "TY0106", Title: "invisible column is visible", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "PostgreSQL has no invisible columns. In converted statements * and INSERT without a list name the visible columns; other clients see all (MySQL Reference Manual, Invisible Columns).",
		Next: "Name the columns in queries of clients that use *, or put a view in front of the table.", Each: 0.25,
	}
	repertoire = &diag.Code{
		ID: "TY0108", Title: "column takes every character", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The charset of these columns holds some characters only (ascii: 128, latin1: 256, utf8mb3: those of three bytes); the source refuses others in strict mode. On the target text is " +
			"UTF-8 and takes all. It is assumed that no others are stored.",
		Next: "Add a CHECK where the limit is wanted.",
	}
	moments = &diag.Code{
		ID: "TY0871", Title: "TIMESTAMP takes moments before 1970 and behind 2038", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The source refuses moments before 1970-01-01 00:00:01 and behind 2038-01-19 03:14:07 in UTC; timestamptz takes them. It is assumed that no program relies on the error " +
			"(MySQL Reference Manual, The DATE, DATETIME, and TIMESTAMP Types).",
		Next: "Add a CHECK where the limit is wanted.",
	}
	unsignedCounter = &diag.Code{
		ID: "TY0107", Title: "unsigned counter in 63 bits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "A BIGINT UNSIGNED column with AUTO_INCREMENT, or with a foreign key to one, becomes bigint, as an identity column is of an integer type and both sides of a foreign key have one type. " +
			"Its numbers are assumed to be below 9,223,372,036,854,775,808; larger ones are an error.",
		Next: "Nothing, unless the column holds larger numbers.",
	}
	byteLength = &diag.Code{
		ID: "TY0170", Title: "length counts characters", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The source limits these columns to so many bytes, the target to so many characters. They are the same as long as no value has a character of several bytes; such values are refused " +
			"earlier on the source. A value that is too long only by blanks at its end is an error on the source; the target cuts the blanks (Oracle SQL Language Reference, VARCHAR2 Data Type; PostgreSQL manual, Character Types).",
		Next: "Add CHECK (octet_length(c) <= n) where the limit in bytes is wanted; convert with --set char-semantics=char where the database counts characters.",
	}
	fraction = &diag.Code{
		ID: "TY0171", Title: "fractions of a second beyond six digits", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The column keeps up to nine digits of a second's fraction, the target keeps six: the rest is rounded.",
		Next: "Keep the nanoseconds in a column of their own if they are used.", Each: 0.25,
	}
	zoneLost = &diag.Code{
		ID: "TY0172", Title: "time zone of a value is not kept", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "TIMESTAMP WITH TIME ZONE keeps the zone that each value was written with; timestamptz keeps the moment and shows it in the zone of the session. It is assumed that the zone is not read " +
			"(Oracle Database Globalization Support Guide, TIMESTAMP WITH TIME ZONE Data Type).",
		Next: "Add a column for the zone where EXTRACT(TIMEZONE_REGION ...) or TO_CHAR(..., 'TZR') is used.",
	}
	wideCounter = &diag.Code{
		ID: "TY0173", Title: "counter in 63 bits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "An identity column of more than 18 digits, or a column with a foreign key to one, becomes bigint, as an identity column is of an integer type and both sides of a foreign key have one type. " +
			"Its numbers are assumed to be whole and below 9,223,372,036,854,775,808: larger ones are an error, and fractions, which a counter never gives but an INSERT or a variable of the row's type could bring, are rounded (Oracle SQL Language Reference, CREATE TABLE, identity_clause).",
		Next: "Nothing, unless the column holds larger numbers or fractions.",
	}
	profiled = &diag.Code{
		ID: "TY0701", Title: "NUMBER that a profile shows to be whole", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The column is a NUMBER without digits, and the profile of the source (--profile) counts only whole numbers of at most 18 digits in it, so that it becomes bigint, as does what refers to it by a foreign key. " +
			"It is assumed that this stays so: a larger number would be an error, and a fraction that is written later, also into a variable of the row's type, would be rounded (Oracle SQL Language Reference, NUMBER Data Type).",
		Next: "Leave the column's line out of the profile if fractions can come.",
	}
	collationNone = &diag.Code{
		ID: "TY0105", Title: "case-insensitive column compares by code point", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "By the policy collations=none text compares by the target's default collation, so that 'a' and 'A' differ in comparisons, keys and order.",
		Next: "Use the policy collations=icu, or make comparisons explicit with lower().", Learn: 1, Each: 0.25,
	}
)

// Rule gives columns their target types.
var Rule = &rewrite.Rule{
	Code: "TY0100",
	Name: "columntypes",
	Doc: "Each column gets the target's type that holds all of its values, the collation with the same comparison, and CHECK constraints for what the type does not say: ranges of " +
		"narrower and unsigned integers, lengths of binary columns, YEAR, members of a SET. ENUM columns get a named enum type, so that order and comparison by position stay. " +
		"(MySQL Reference Manual, chapter Data Types; PostgreSQL manual, chapter 8.)",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a TINYINT UNSIGNED, b YEAR)",
		Target: "CREATE TABLE t (\n  a smallint CHECK (a BETWEEN 0 AND 255),\n  b smallint CHECK (b = 0 OR b BETWEEN 1901 AND 2155)\n)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{noType, trailingBlanks, geometry, textLimit, zeroFill, invisible, repertoire, moments, unsignedCounter, byteLength, fraction, zoneLost, wideCounter, profiled, collationNone},
	Looks:    ir.Kinds(ir.KindCreateTable, ir.KindAlterTable),
	After:    map[string]string{"row-objects": "tables of objects have all their columns then"},
	Run:      run,
}

func run(p *rewrite.Pass) {
	seen := map[string]bool{}
	once := func(c *diag.Code, s *define.Site, col *ir.ColumnDef) {
		if key := c.ID + s.TargetName(); !seen[key] {
			seen[key] = true
			p.Report(c, col.Span, "%s (column %s and any others of the kind)", c.Title, col.Name.Text)
		}
	}
	define.Columns(p, func(s *define.Site, c *ir.ColumnDef) {
		if c.TypeSQL != "" {
			return
		}
		lower(p, s, c)
		if p.Refused() {
			return
		}
		note(p, s, c, once)
	})
}

func lower(p *rewrite.Pass, s *define.Site, c *ir.ColumnDef) {
	c.Type = named(c)
	if c.Invisible {
		c.Invisible = false
		p.Report(invisible, c.Span, "column %s", c.Name.Text)
	}
	if g, ok := c.Type.(types.Geometry); ok && p.Policy.Spatial == "postgis" {
		p.Unit.NeedHelper("postgis")
		p.Report(geometry, c.Span, "column %s: %s of PostGIS", c.Name.Text, g.Kind)
	} else if ok {
		c.TypeSQL = "bytea"
		p.Report(geometry, c.Span, "column %s: type %s becomes bytea", c.Name.Text, g.Kind)
		return
	}
	sql, limited, ok := p.Lower.ColumnSQL(c.Type)
	if c.Object != nil && c.Object.Wide {
		limited = false
		sql, ok = p.Lower.TypeSQL(c.Type)
	}
	if !ok {
		rewrite.Refuse(p, noType, c.Span, "column %s: type %s", c.Name.Text, typeName(c.Type))
		return
	}
	c.TypeSQL = sql
	wide(p, s, c)
	collate(p, c)
	n := len(c.Checks)
	if limited && !p.Policy.NoRangeChecks {
		digits(s, c)
	}
	check(p, s, c)
	if len(c.Checks) > n {
		checked(p, s, c, c.Checks[n])
	}
	if e, ok := c.Type.(types.Enum); ok && e.Name != "" {
		createType(s, c, e)
	}
}

// counter tells that a column holds the numbers of a counter: its own, or another table's by a foreign key.
func counter(c *ir.ColumnDef) bool {
	return c.AutoIncrement || c.Identity != nil || c.Object != nil && (c.Object.AutoIncrement || c.Object.Counter)
}

// wide makes counters of 64 bits bigint: an identity column is of an integer type, and so is what refers to it. It notes
// which others are not.
func wide(p *rewrite.Pass, s *define.Site, c *ir.ColumnDef) {
	if d, ok := c.Type.(types.Decimal); ok && d.Scale == 0 && !d.Integral() && counter(c) {
		c.TypeSQL = "bigint"
		p.Report(wideCounter, c.Span, "column %s of %s", c.Name.Text, s.Name)
	} else if c.Object != nil && c.Object.Counts() {
		c.TypeSQL = "bigint"
		p.Report(profiled, c.Span, "column %s of %s", c.Name.Text, s.Name)
	}
	i, ok := c.Type.(types.Int)
	if !ok || i.Bits != 64 || !i.Unsigned {
		return
	}
	if counter(c) {
		c.TypeSQL = "bigint"
		p.Report(unsignedCounter, c.Span, "column %s of %s", c.Name.Text, s.Name)
	}
	if p.Session == nil || c.Object == nil {
		return
	}
	m, _ := p.Session.Values[numericKey].(map[*catalog.Column]bool)
	if m == nil {
		m = map[*catalog.Column]bool{}
		p.Session.Values[numericKey] = m
	}
	m[c.Object] = c.TypeSQL != "bigint"
}

const (
	numericKey = "columntypes:numeric"
	checkKey   = "columntypes:check"
	takenKey   = "columntypes:taken"
)

// Numeric tells that a column of 64 unsigned bits was made numeric, as it was not known to refer to a counter; from now on it is not.
func Numeric(p *rewrite.Pass, c *catalog.Column) bool {
	if p.Session == nil {
		return false
	}
	m, _ := p.Session.Values[numericKey].(map[*catalog.Column]bool)
	was := m[c]
	delete(m, c)
	return was
}

// holder is the column whose CHECK has a name.
type holder struct {
	column *catalog.Column
	table  *catalog.Table
}

// there tells that the column was not dropped.
func (h holder) there(p *rewrite.Pass) bool {
	switch {
	case h.column == nil:
		return false
	case h.table == nil || p.Catalog == nil:
		return true
	}
	return p.Catalog.Table(h.table.Schema, h.table.Name) == h.table && slices.Contains(h.table.Columns, h.column)
}

// longest is how many bytes of a name the target keeps.
const longest = 63

// checkName is the name of the CHECK that a column of a name gets now, and whether the target gives that name by itself. It does
// not where it would shorten it, or where the name is that of another column's CHECK, which had that name: it would choose a name
// that nobody here knows, and a later change of type would drop the other column's.
func checkName(p *rewrite.Pass, s *define.Site, c *catalog.Column, column string) (name string, itself bool) {
	base := s.TargetName() + "_" + strings.ToLower(column) + "_check"
	if p.Session == nil || c == nil {
		return base, true
	}
	taken, _ := p.Session.Values[takenKey].(map[string]holder)
	if taken == nil {
		taken = map[string]holder{}
		p.Session.Values[takenKey] = taken
	}
	schema := s.Target().Schema()
	name = base
	for i := 1; ; i++ {
		if h := taken[schema+"."+name]; h.column == c || !h.there(p) {
			break
		}
		name = base + strconv.Itoa(i)
	}
	taken[schema+"."+name] = holder{c, s.Table}
	return name, name == base && len(name) <= longest
}

// checked notes the name that the target gives the CHECK of a column; it stays when the table or the column is renamed.
func checked(p *rewrite.Pass, s *define.Site, c *ir.ColumnDef, k *ir.CheckDef) {
	if p.Session == nil || c.Object == nil {
		return
	}
	m, _ := p.Session.Values[checkKey].(map[*catalog.Column]string)
	if m == nil {
		m = map[*catalog.Column]string{}
		p.Session.Values[checkKey] = m
	}
	name, itself := checkName(p, s, c.Object, c.Name.Text)
	if !itself {
		k.Name = ir.Ident{Text: name}
	}
	if m[c.Object] == "" || s.Create != nil {
		m[c.Object] = name
	}
}

// Recheck is the name of the CHECK that a column has by its type, where ALTER TABLE gives it another type: from now on it has the
// name that the target gives one now.
func Recheck(p *rewrite.Pass, s *define.Site, c *catalog.Column, name string) (old string) {
	now, _ := checkName(p, s, c, name)
	if p.Session == nil || c == nil {
		return now
	}
	m, _ := p.Session.Values[checkKey].(map[*catalog.Column]string)
	if old = m[c]; old == "" {
		return now
	}
	m[c] = now
	return old
}

// named is the column's type as it is written here; an ENUM has the name of its type from the catalog, unless a later
// ALTER TABLE of the script gives the column other values.
func named(c *ir.ColumnDef) types.Type {
	e, ok := c.Type.(types.Enum)
	if !ok || c.Object == nil {
		return c.Type
	}
	if o, ok := c.Object.Type.(types.Enum); ok && slices.Equal(o.Values, e.Values) {
		return o
	}
	return e
}

func typeName(t types.Type) string {
	switch t := t.(type) {
	case nil:
		return "unknown"
	case types.Unknown:
		return "unknown (" + t.Why + ")"
	}
	return t.String()
}

func createType(s *define.Site, c *ir.ColumnDef, e types.Enum) {
	if owner, there := madeFor(s.Pass, s.Beside(catalog.BaseName(e.Name))); there && owner.String() != s.Target().String() {
		Share(s.Pass, owner) // CREATE TABLE ... SELECT of an ENUM column: the values stay of its type
		return
	}
	t := &ir.CreateType{Name: s.Beside(catalog.BaseName(e.Name)), Values: e.Values}
	t.Span = c.Span
	s.Before(t)
	Remember(s.Pass, s.Target(), t.Name)
}

// Remember notes in the session that a table has a type of its own, so that dropping the table drops it; Types lists them.
func Remember(p *rewrite.Pass, table, typ ir.QName) {
	if p.Session == nil {
		return
	}
	key := typesKey(table)
	list, _ := p.Session.Values[key].([]ir.QName)
	p.Session.Values[key] = append(list, typ)
	p.Session.Values[ownerKey(typ)] = table
}

func ownerKey(typ ir.QName) string { return "columntypes:owner:" + typ.String() }

// madeFor is the table that a type was made for, while the type is there.
func madeFor(p *rewrite.Pass, typ ir.QName) (owner ir.QName, there bool) {
	if p.Session == nil {
		return ir.QName{}, false
	}
	owner, there = p.Session.Values[ownerKey(typ)].(ir.QName)
	return owner, there
}

// Types lists the types that were made for a table in this session.
func Types(p *rewrite.Pass, table ir.QName) []ir.QName {
	if p.Session == nil {
		return nil
	}
	list, _ := p.Session.Values[typesKey(table)].([]ir.QName)
	return list
}

// Leave takes a type from those of a table; own is false if it is not known to be the table's alone.
func Leave(p *rewrite.Pass, table ir.QName, name string) (q ir.QName, own bool) {
	if p.Session == nil {
		return ir.QName{}, false
	}
	list := Types(p, table)
	for i, x := range list {
		if x.Name() == name {
			p.Session.Values[typesKey(table)] = slices.Delete(slices.Clone(list), i, i+1)
			delete(p.Session.Values, ownerKey(x))
			return x, true
		}
	}
	return ir.QName{}, false
}

// Share notes that another table uses the types of a table too: they stay when the table is dropped.
func Share(p *rewrite.Pass, table ir.QName) {
	if p.Session != nil {
		delete(p.Session.Values, typesKey(table))
	}
}

// Move notes that a table has another name, and that its types are in another schema.
func Move(p *rewrite.Pass, from, to ir.QName) {
	list := Types(p, from)
	if len(list) == 0 {
		return
	}
	delete(p.Session.Values, typesKey(from))
	moved := make([]ir.QName, len(list))
	for i, q := range list {
		moved[i] = ir.Qualified(to.Schema(), q.Name())
	}
	p.Session.Values[typesKey(to)] = moved
}

// Moved gives the ENUM columns of a table the names that their types have in another schema.
func Moved(t *catalog.Table, schema string) {
	if t == nil {
		return
	}
	for _, c := range t.Columns {
		if e, ok := c.Type.(types.Enum); ok && e.Name != "" {
			e.Name = `"` + strings.ReplaceAll(schema, `"`, `""`) + `"."` + strings.ReplaceAll(catalog.BaseName(e.Name), `"`, `""`) + `"`
			c.Type, c.TargetType = e, e.Name
		}
	}
}

func typesKey(table ir.QName) string { return "columntypes:" + table.String() }

func collate(p *rewrite.Pass, c *ir.ColumnDef) {
	coll, ok := types.CollationOf(c.Type)
	if _, enum := c.Type.(types.Enum); !ok || enum || p.Unit.PLSQL { // in PL/SQL and its SQL it stands where the order shows: upper and lower need the database's own
		return
	}
	name, deterministic, ok := p.Lower.Collation(coll)
	switch {
	case !ok && coll.CaseInsensitive:
		p.Report(collationNone, c.Span, "column %s: collation %s", c.Name.Text, coll.Name)
	case ok && c.TypeSQL == name.String(): // a type stands for it
		p.Unit.NeedHelper(c.TypeSQL)
	case ok:
		c.CollationSQL = &name
		if !deterministic {
			p.Unit.NeedHelper(name.Name())
		}
	}
}

// Limits are the ranges that the target's type does not have by itself.
func Limits(t types.Int) (lo, hi string) {
	switch {
	case t.Bits == 8 && t.Unsigned:
		return "0", "255"
	case t.Bits == 8:
		return "-128", "127"
	case t.Bits == 16 && t.Unsigned:
		return "0", "65535"
	case t.Bits == 24 && t.Unsigned:
		return "0", "16777215"
	case t.Bits == 24:
		return "-8388608", "8388607"
	case t.Bits == 32 && t.Unsigned:
		return "0", "4294967295"
	case t.Bits == 64 && t.Unsigned:
		return "0", "18446744073709551615"
	}
	return "", ""
}

func check(p *rewrite.Pass, s *define.Site, c *ir.ColumnDef) {
	x := s.Column(c)
	ranges := !p.Policy.NoRangeChecks
	switch t := c.Type.(type) {
	case types.Int:
		lo, hi := Limits(t)
		switch {
		case lo == "" || !ranges:
		case t.Bits == 64 && c.TypeSQL == "bigint": // AUTO_INCREMENT
			s.AddCheck(c, define.Compare(x, ir.Ge, define.Num("0")))
		default:
			s.AddCheck(c, define.Between(x, define.Num(lo), define.Num(hi)))
		}
	case types.Decimal:
		if t.Unsigned && ranges {
			s.AddCheck(c, define.Compare(x, ir.Ge, define.Num("0")))
		}
	case types.Float:
		if t.Unsigned && ranges {
			s.AddCheck(c, define.Compare(x, ir.Ge, define.Num("0")))
		}
	case types.Year:
		if ranges {
			s.AddCheck(c, define.Or(define.Compare(x, ir.Eq, define.Num("0")), define.Between(s.Column(c), define.Num("1901"), define.Num("2155"))))
		}
	case types.Binary:
		n := int64(t.N)
		if n == 0 && t.MaxBytes > 0 && t.MaxBytes < 1<<16-1 {
			n = t.MaxBytes
		}
		if n > 0 {
			s.AddCheck(c, define.Compare(define.Call("octet_length", types.Int{Bits: 32}, x), ir.Le, define.Num(strconv.FormatInt(n, 10))))
		}
	case types.Text:
		if c.TypeSQL == build.Citext && t.MaxBytes == 0 && t.N > 0 {
			s.AddCheck(c, define.Compare(define.Call("char_length", types.Int{Bits: 32}, x), ir.Le, define.Num(strconv.Itoa(t.N))))
		}
		if (c.TypeSQL == "text" || c.TypeSQL == build.Citext) && t.MaxBytes == 0 && t.N == 0 && !p.Unit.PLSQL {
			s.AddCheck(c, define.Compare(define.Call("octet_length", types.Int{Bits: 32}, x), ir.Eq, define.Num("0")))
		}
		if t.MaxBytes > 0 && t.MaxBytes < 1<<16-1 {
			s.AddCheck(c, define.Compare(define.Call("octet_length", types.Int{Bits: 32}, x), ir.Le, define.Num(strconv.FormatInt(t.MaxBytes, 10))))
		}
		if c.ByteLength && !t.Fixed && t.N > 0 {
			s.AddCheck(c, define.Compare(define.Call("octet_length", types.Int{Bits: 32}, x), ir.Le, define.Num(strconv.Itoa(t.N))))
		}
	case types.Set:
		// "C", as the target does not search text of a nondeterministic collation.
		exact := &ir.Collate{X: x, Name: ir.Qualified("", "C")}
		exact.Type = x.Type
		s.AddCheck(c, define.Op(define.Call("string_to_array", types.Array{Elem: types.Text{}}, exact, define.Str(",")), "<@", textArray(t.Values), types.Bool{}))
	case types.Enum:
		if t.Name == "" {
			in := &ir.In{X: x}
			in.Type = types.Bool{}
			for _, v := range t.Values {
				in.List = append(in.List, define.Str(v))
			}
			s.AddCheck(c, in)
		}
	case types.JSON:
		if t.Kind == types.JSONText {
			s.AddCheck(c, isJSON(p, x))
		}
	}
}

// digits limits an integer column to the digits that it has on the source; a counter never has more.
func digits(s *define.Site, c *ir.ColumnDef) {
	d, ok := c.Type.(types.Decimal)
	if !ok || counter(c) {
		return
	}
	most := strings.Repeat("9", d.Precision)
	s.AddCheck(c, define.Between(s.Column(c), define.Num("-"+most), define.Num(most)))
}

func textArray(values []string) ir.Expr {
	a := &ir.ArrayExpr{}
	a.Type = types.Array{Elem: types.Text{}}
	for _, v := range values {
		a.Items = append(a.Items, define.Str(v))
	}
	return a
}

// isJSON is x IS JSON where the target has it, else a cast that raises for what is no JSON.
func isJSON(p *rewrite.Pass, x *ir.Name) ir.Expr {
	if p.Features.Has(feature.IsJSON) {
		return define.Op(x, "IS JSON", nil, types.Bool{})
	}
	null := &ir.IsNull{X: x}
	null.Type = types.Bool{}
	valid := &ir.IsNull{X: define.Cast(x, types.Named{Name: "json"}), Not: true}
	valid.Type = types.Bool{}
	return define.Or(null, valid)
}

func note(p *rewrite.Pass, s *define.Site, c *ir.ColumnDef, once func(*diag.Code, *define.Site, *ir.ColumnDef)) {
	switch t := c.Type.(type) {
	case types.Text:
		if t.Collation.PadSpace || t.Fixed && !t.EmptyIsNull {
			once(trailingBlanks, s, c)
		}
		switch strings.ToLower(t.Charset) {
		case "", "utf8mb4", "utf16", "utf16le", "utf32", "binary":
		default:
			once(repertoire, s, c)
		}
		if t.MaxBytes == 1<<16-1 {
			once(textLimit, s, c)
		}
		if t.Unit == types.Bytes && t.N > 0 && (t.Fixed || !c.ByteLength) {
			once(byteLength, s, c)
		}
	case types.DateTime:
		if t.Precision > 6 {
			once(fraction, s, c)
		}
	case types.Timestamp:
		if t.Precision > 6 {
			once(fraction, s, c)
		}
		if t.Zoned {
			once(zoneLost, s, c)
		}
		if !p.Unit.PLSQL {
			once(moments, s, c)
		}
	case types.Binary:
		if t.MaxBytes == 1<<16-1 {
			once(textLimit, s, c)
		}
	case types.Int:
		if t.ZeroFill {
			once(zeroFill, s, c)
		}
	case types.Decimal:
		if t.ZeroFill {
			once(zeroFill, s, c)
		}
	}
}
