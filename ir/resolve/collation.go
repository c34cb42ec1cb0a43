package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Levels of coercibility: lower ones win (MySQL manual, Collation Coercibility in Expressions).
const (
	explicitLevel = 0
	columnLevel   = 2
	systemLevel   = 3
	literalLevel  = 4
	numericLevel  = 5
	nullLevel     = 6
)

// derived is a collation with the level of the value it comes from.
type derived struct {
	coll    types.Collation
	charset string
	level   int
}

// connection is the collation of literals where the unit stands.
func (r *Resolver) connection() types.Collation {
	s := r.unit.Settings
	for _, k := range []string{"collation-connection", "collation"} {
		if c, ok := r.sem.Collation(s[k]); ok && s[k] != "" {
			return c
		}
	}
	for _, k := range []string{"character-set-connection", "charset"} {
		if c, ok := r.sem.DefaultOf(s[k]); ok && s[k] != "" {
			return c
		}
	}
	c, _ := r.sem.Collation(r.sem.DefaultCollation)
	return c
}

// derive tells the collation of a resolved value and how strongly it holds.
func (r *Resolver) derive(e ir.Expr) derived {
	switch e := e.(type) {
	case *ir.Collate:
		return derived{e.Collation, r.sem.Charset(e.Collation.Name), explicitLevel}
	case *ir.String, *ir.Bytes, *ir.UserVar:
		return r.ofType(e.TypeOf(), literalLevel)
	case *ir.Name:
		if a, ok := e.Ref.(*ir.AliasRef); ok {
			return r.derive(a.Item.Expr)
		}
		return r.ofType(e.Type, columnLevel)
	case *ir.Inserted, *ir.Field, *ir.Default:
		return r.ofType(e.TypeOf(), columnLevel)
	case *ir.Subquery:
		return r.ofType(e.Type, columnLevel)
	case *ir.RoutineCall:
		return r.ofType(e.Type, systemLevel)
	case *ir.Cast:
		if e.Implicit && isDocument(e.X.TypeOf()) {
			return r.ofDocument()
		}
		if e.Implicit && !types.IsText(e.X.TypeOf()) {
			return r.ofType(e.Type, numericLevel)
		}
		if e.Implicit {
			return r.derive(e.X)
		}
		return r.ofType(e.Type, systemLevel)
	case *ir.SysVar:
		return r.ofType(e.Type, systemLevel)
	case *ir.Call:
		if makesText(e.Op) && types.IsText(e.Type) {
			return r.ofType(e.Type, literalLevel)
		}
		if op.IsJSON(e.Op) && types.IsText(e.Type) {
			return r.ofType(e.Type, r.documentLevel(e))
		}
	}
	if isDocument(e.TypeOf()) {
		return r.ofDocument()
	}
	if !types.IsText(e.TypeOf()) {
		return derived{level: nullLevel}
	}
	return r.deriveParts(e)
}

// isDocument tells documents that are no texts.
func isDocument(t types.Type) bool {
	j, ok := t.(types.JSON)
	return ok && j.Kind == types.JSONBinary
}

// ofDocument is how the text of a document compares: by its bytes, and as strongly as a column does (MySQL Reference Manual, "The JSON Data Type").
func (r *Resolver) ofDocument() derived {
	c, ok := r.sem.Collation("utf8mb4_bin")
	if !ok {
		return derived{level: nullLevel}
	}
	return derived{c, r.sem.Charset(c.Name), columnLevel}
}

// makesText tells functions that make a text of their own, with the connection's collation, whatever their arguments compare by.
func makesText(o op.Op) bool {
	switch o {
	case op.Hex, op.Bin, op.Oct, op.Conv, op.MD5, op.SHA1, op.SHA2, op.ToBase64, op.InetNTOA, op.Inet6NTOA, op.FormatNumber, op.DayName, op.MonthName, op.Space, op.GetFormat:
		return true
	}
	return false
}

// textOfDocument types the text that a function takes out of a document: it compares by bytes, except that JSON_VALUE takes the
// collation of the text where documents are texts.
func (r *Resolver) textOfDocument(e *ir.Call, t types.Text) types.Type {
	c, ok := r.sem.Collation("utf8mb4_bin")
	if !ok {
		return t
	}
	if e.Op == op.JSONValue && e.Word == "text" {
		if x, ok := types.CollationOf(ir.Bare(e.Args[0]).TypeOf()); ok && !x.IsZero() {
			c = x
		}
	}
	t.Collation, t.Charset = c, r.sem.Charset(c.Name)
	return t
}

func (r *Resolver) documentLevel(e *ir.Call) int {
	if e.Op == op.JSONValue && e.Word == "text" {
		if _, name := ir.Bare(e.Args[0]).(*ir.Name); name {
			return columnLevel
		}
	}
	return literalLevel
}

func (r *Resolver) ofType(t types.Type, level int) derived {
	c, ok := types.CollationOf(t)
	if !ok || c.IsZero() {
		return derived{level: nullLevel}
	}
	return derived{c, r.sem.Charset(c.Name), level}
}

// deriveParts tells the collation of a function's result by its text operands.
func (r *Resolver) deriveParts(e ir.Expr) derived {
	out := derived{level: nullLevel}
	ir.Children(e, func(n ir.Node) {
		if w, ok := n.(*ir.When); ok {
			out, _ = r.stronger(out, r.derive(w.Then))
		}
		if x, ok := n.(ir.Expr); ok && types.IsText(x.TypeOf()) {
			out, _ = r.stronger(out, r.derive(x))
		}
	})
	if out.level == nullLevel {
		return r.ofType(e.TypeOf(), literalLevel)
	}
	return out
}

// combine tells which collation wins among values; a conflict is a finding.
func (r *Resolver) combine(at source.Span, es []ir.Expr) derived {
	out := derived{level: nullLevel}
	for _, e := range es {
		if !types.IsText(e.TypeOf()) && !isDocument(e.TypeOf()) {
			continue
		}
		d := r.derive(e)
		next, ok := r.stronger(out, d)
		if !ok {
			r.fail(collationConflict, at, "%s and %s meet with equal coercibility", out.coll.Name, d.coll.Name)
		}
		out = next
	}
	return out
}

// stronger tells which of two collations wins; ok is false where the source raises an error.
func (r *Resolver) stronger(a, b derived) (derived, bool) {
	switch {
	case a.level < b.level:
		return a, true
	case b.level < a.level:
		return b, true
	case a.coll == b.coll || a.level == nullLevel:
		return a, true
	case a.level >= systemLevel && a.charset == b.charset && b.coll.Binary:
		return b, true
	case a.level >= systemLevel:
		return a, true
	case a.level == explicitLevel:
		return a, false
	}
	ua, ub := r.sem.Unicode[a.charset], r.sem.Unicode[b.charset]
	switch {
	case a.charset == b.charset && a.coll.Binary:
		return a, true
	case a.charset == b.charset && b.coll.Binary:
		return b, true
	case ua && !ub || a.charset == "utf8mb4" && b.charset != "utf8mb4":
		return a, true
	case ub && !ua || b.charset == "utf8mb4" && a.charset != "utf8mb4":
		return b, true
	}
	return a, false
}

// fill completes a text type: charset and collation from what it says, else from the given default.
func (r *Resolver) fill(t types.Type, other types.Collation) types.Type {
	switch t := t.(type) {
	case types.Text:
		t.Charset, t.Collation = r.charsetOf(t.Charset, t.Collation, other)
		return t
	case types.Enum:
		t.Charset, t.Collation = r.charsetOf(t.Charset, t.Collation, other)
		return t
	case types.Set:
		t.Charset, t.Collation = r.charsetOf(t.Charset, t.Collation, other)
		return t
	case nil:
		return types.Unknown{Why: "no type is given"}
	}
	return t
}

func (r *Resolver) charsetOf(charset string, coll, other types.Collation) (string, types.Collation) {
	if !coll.IsZero() {
		c, ok := r.sem.Collation(coll.Name)
		if !ok {
			r.fail(unknownCollation, r.unit.Span, "collation %s is not known", coll.Name)
			return charset, coll
		}
		return r.sem.Charset(c.Name), c
	}
	if charset != "" {
		c, ok := r.sem.DefaultOf(charset)
		if !ok {
			r.fail(unknownCollation, r.unit.Span, "charset %s is not known", charset)
		}
		return strings.ToLower(charset), c
	}
	return r.sem.Charset(other.Name), other
}
