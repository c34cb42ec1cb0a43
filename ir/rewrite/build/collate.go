package build

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

// Strength says how strongly the target holds on to the collation of a value (PostgreSQL manual, Collation Support, Concepts).
type Strength int

// Strengths, weakest first. A value with Conflict has no collation: comparing it is an error unless it is given one.
const (
	NoText Strength = iota
	ByDefault
	Implicit
	Explicit
	Conflict
)

// Derived is the collation that the target finds for a value: its quoted name, "" for the database's own.
type Derived struct {
	Name     string
	Strength Strength
	// Deterministic tells that equal means equal bytes.
	Deterministic bool
}

// Deriver tells collations as the target derives them.
type Deriver struct {
	P     *rewrite.Pass
	depth int
	open  map[ir.Query]bool // set operations whose columns are being looked for
}

func (d *Deriver) ofType(t types.Type, s Strength) Derived {
	c, ok := types.CollationOf(t)
	if !ok {
		return Derived{Deterministic: true}
	}
	if _, enum := t.(types.Enum); enum {
		return Derived{Deterministic: true}
	}
	return d.Of(c, s)
}

// Of is the target's collation for one of the source.
func (d *Deriver) Of(c types.Collation, s Strength) Derived {
	name, det, ok := d.P.Lower.Collation(c)
	if !ok {
		return Derived{Strength: ByDefault, Deterministic: true}
	}
	return Derived{Name: name.String(), Strength: s, Deterministic: det}
}

var byDefault = Derived{Strength: ByDefault, Deterministic: true}

// Derive tells the collation of an expression that rules may have rewritten.
func (d *Deriver) Derive(e ir.Expr) Derived {
	d.depth++
	defer func() { d.depth-- }()
	if d.depth > 200 {
		return byDefault
	}
	x := d.derive(e)
	if d.Citext() && (x.Folds() || x.Strength == ByDefault && d.ofType(e.TypeOf(), Implicit).Folds()) {
		x = d.surely(e, x)
	}
	return x
}

func (d *Deriver) derive(e ir.Expr) Derived {
	switch e := e.(type) {
	case *ir.Collate:
		if len(e.Name.Parts) > 0 && e.Collation.IsZero() {
			return Derived{Name: e.Name.String(), Strength: Explicit, Deterministic: e.Name.Schema() == "" && e.Name.String() != Citext}
		}
		return d.Of(e.Collation, Explicit)
	case *ir.Name:
		return d.name(e)
	case *ir.String, *ir.Param, *ir.UserVar, *ir.SysVar:
		return byDefault
	case *ir.Cast:
		if !e.Target {
			return d.ofType(e.Type, Implicit)
		}
		if n, ok := e.To.(types.Named); ok && n.Name == Citext {
			return Derived{Name: Citext, Strength: Implicit}
		}
		if x := d.Derive(e.X); x.Strength != NoText && textual(e.To) {
			return x
		}
		if textual(e.To) {
			return byDefault
		}
		return Derived{Deterministic: true}
	case *ir.Case:
		var list []ir.Expr
		for _, w := range e.Whens {
			list = append(list, w.Then)
		}
		return d.Merge(append(list, e.Else)...)
	case *ir.Subquery:
		return d.query(e.Query, 0)
	case *ir.TargetCall:
		if e.Name == "convert_from" { // the name of the encoding has the collation of names
			return Derived{Name: ir.Qualified("", "C").String(), Strength: Implicit, Deterministic: true}
		}
		return d.call(e.Args, e.TypeOf())
	case *ir.HelperCall:
		return d.call(e.Args, e.TypeOf())
	case *ir.Call:
		return d.call(e.Args, e.TypeOf())
	case *ir.RoutineCall:
		return d.call(e.Args, e.TypeOf())
	case *ir.Concat:
		return d.call(e.Args, e.TypeOf())
	case *ir.Aggregate:
		return d.call(e.Args, e.TypeOf())
	case *ir.TargetOp:
		return d.call([]ir.Expr{e.L, e.R}, e.TypeOf())
	case *ir.ArrayExpr:
		return d.Merge(e.Items...)
	case *ir.Subscript:
		return d.Derive(e.X)
	case *ir.DateAdd:
		if textual(e.Type) {
			return d.Derive(e.X)
		}
		return Derived{Deterministic: true}
	case *ir.Inserted:
		return d.ofType(e.Type, Implicit)
	case nil:
		return Derived{Deterministic: true}
	}
	if _, ok := e.TypeOf().(types.Text); ok {
		return byDefault
	}
	return Derived{Deterministic: true}
}

func textual(t types.Type) bool {
	switch t := t.(type) {
	case types.Text:
		return true
	case types.Named:
		return t.Name == "text"
	}
	return false
}

func (d *Deriver) call(args []ir.Expr, t types.Type) Derived {
	if !types.IsText(t) && !isJSONText(t) {
		return Derived{Deterministic: true}
	}
	out := d.Merge(args...)
	if out.Strength == NoText {
		return byDefault
	}
	return out
}

func isJSONText(t types.Type) bool {
	j, ok := t.(types.JSON)
	return ok && j.Kind == types.JSONText
}

func (d *Deriver) name(e *ir.Name) Derived {
	switch r := e.Ref.(type) {
	case *ir.ParamRef:
		if types.IsText(e.Type) { // a parameter has the collation of what a call gives, that of a column too
			return Derived{Strength: ByDefault}
		}
		return Derived{Deterministic: true}
	case *ir.AliasRef:
		return d.Derive(r.Item.Expr)
	case *ir.OutputRef:
		if r.Of == nil || d.Citext() {
			return d.output(r, e)
		}
	}
	return d.ofType(e.Type, Implicit)
}

// output follows a column of a derived table to the expression behind it.
func (d *Deriver) output(r *ir.OutputRef, e *ir.Name) Derived {
	var q ir.Query
	switch f := r.From.(type) {
	case *ir.Derived:
		q = f.Query
	case *ir.TableRef:
		if f.CTE != nil {
			q = f.CTE.Query
		}
	}
	if q != nil && q.Columns() != nil {
		for i, n := range q.Columns().Names {
			if strings.EqualFold(n, r.Column) {
				return d.query(q, i)
			}
		}
	}
	return d.looked(e.Type)
}

// looked is the collation that a column has by its type alone.
func (d *Deriver) looked(t types.Type) Derived {
	x := d.ofType(t, Implicit)
	if x.Name == Citext {
		x.Name = MayBeCitext
	}
	return x
}

func (d *Deriver) query(q ir.Query, i int) Derived {
	switch q := q.(type) {
	case *ir.Select:
		if i < len(q.Items) {
			if _, star := q.Items[i].Expr.(*ir.Star); !star {
				x := d.Derive(q.Items[i].Expr)
				if x.Strength == Explicit {
					x.Strength = Implicit
				}
				return x
			}
		}
	case *ir.SetOp:
		return d.either(q, i)
	}
	if row := q.Columns(); row != nil && i < len(row.Types) {
		return d.looked(row.Types[i])
	}
	return Derived{Deterministic: true}
}

// either is a column of a set operation: where texts are of two types, it is of the type that both have in common.
func (d *Deriver) either(q *ir.SetOp, i int) Derived {
	l := d.query(q.L, i)
	if !l.Folds() || d.open[q] {
		return l
	}
	if d.open == nil {
		d.open = map[ir.Query]bool{}
	}
	d.open[q] = true
	r := d.query(q.R, i)
	delete(d.open, q)
	if r.Name != l.Name {
		return Derived{Name: MayBeCitext, Strength: Implicit}
	}
	return l
}

// Merge is the collation of a function or operator over several values.
func (d *Deriver) Merge(list ...ir.Expr) Derived {
	if d.Citext() {
		return d.common(list)
	}
	return d.merge(list)
}

func (d *Deriver) merge(list []ir.Expr) Derived {
	out := Derived{Deterministic: true}
	for _, e := range list {
		if e == nil {
			continue
		}
		x := d.Derive(e)
		switch {
		case x.Strength > out.Strength:
			out = x
		case x.Strength == out.Strength && x.Strength >= Implicit && x.Name != out.Name:
			out = Derived{Strength: Conflict, Deterministic: false}
		case x.Strength == out.Strength:
			out.Deterministic = out.Deterministic && x.Deterministic
		}
	}
	return out
}

// Collated gives a value an explicit collation of the target.
func Collated(e ir.Expr, name ir.QName, c types.Collation, code string) ir.Expr {
	if x, ok := e.(*ir.Collate); ok {
		e = x.X
	}
	t := e.TypeOf()
	if x, ok := t.(types.Text); ok && !c.IsZero() {
		x.Collation = c
		t = x
	}
	return Make(&ir.Collate{X: e, Name: name}, e, t, code)
}

// ByBytes makes a text compare by its bytes, which substring search and patterns need; one that does already stays.
func (d *Deriver) ByBytes(e ir.Expr, code string) ir.Expr {
	x := d.Derive(e)
	switch {
	case x.Deterministic:
		return e
	case x.Folds():
		return d.PlainText(e, code)
	}
	return Collated(e, ir.Qualified("", "C"), types.Collation{}, code)
}

// FoldText is what the helper routine fold makes of a text.
func FoldText(s string) string {
	s = norm.NFD.String(strings.ToLower(s))
	s = strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// HasLetters tells whether case or accents can matter in a text.
func HasLetters(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || r > 127 {
			return true
		}
	}
	return false
}

// Folded is a text without the differences that a collation ignores, comparing by bytes.
func (d *Deriver) Folded(e ir.Expr, c types.Collation, code string) ir.Expr {
	if !c.CaseInsensitive {
		return d.ByBytes(e, code)
	}
	if s, ok := e.(*ir.String); ok {
		v := FoldText(s.Value)
		if !c.AccentInsensitive {
			v = strings.ToLower(s.Value)
		}
		return Make(&ir.String{Value: v}, s, s.Type, "")
	}
	var x ir.Expr
	if c.AccentInsensitive {
		x = d.P.Helper("fold", e, e)
	} else {
		if d.Derive(e).Strength <= ByDefault {
			e = Collated(e, ir.Qualified("", "und-x-icu"), types.Collation{}, code)
		}
		x = Call("lower", e, e.TypeOf(), code, e)
	}
	x.SetType(e.TypeOf())
	return d.ByBytes(x, code)
}

// Agree makes the operands of a comparison compare by a collation of the source: one of them gets an explicit collation where the
// target would compare by another one, or find a conflict. equality tells that only equal and unequal matter.
func (d *Deriver) Agree(c types.Collation, equality bool, code string, ops ...*ir.Expr) {
	name, _, ok := d.P.Lower.Collation(c)
	if !ok || d.Citext() && d.agreeTypes(c, code, ops) {
		return
	}
	want := d.Of(c, Implicit)
	var list []ir.Expr
	for _, o := range ops {
		list = append(list, *o)
	}
	got := d.Merge(list...)
	switch {
	case got.Strength == NoText, got.Strength < Conflict && got.Name == want.Name:
		return
	case equality && want.Deterministic && got.Deterministic && got.Strength != Conflict:
		return
	}
	wrapped := false
	for _, o := range ops {
		if x := d.Derive(*o); x.Strength == Explicit && x.Name != want.Name {
			*o, wrapped = Collated(*o, name, c, code), true
		}
	}
	if !wrapped {
		o := d.choose(ops)
		*o = Collated(*o, name, c, code)
	}
}

// meets tells that two values compare by the wanted collation without any being given.
func meets(want, got Derived, equality bool) bool {
	switch {
	case got.Strength == NoText, got.Strength < Conflict && got.Name == want.Name:
		return true
	}
	return equality && want.Deterministic && got.Deterministic && got.Strength != Conflict
}

// merged is the collation of a comparison of two values.
func merged(a, b Derived) Derived {
	switch {
	case a.Strength > b.Strength:
		return a
	case b.Strength > a.Strength:
		return b
	case a.Strength >= Implicit && a.Name != b.Name:
		return Derived{Strength: Conflict}
	}
	return a
}

// Against makes a value compare with each of a list by a collation of the source (IN, BETWEEN): the value gets an explicit
// collation where one of the comparisons would be made by another one, and the list keeps no other explicit one.
func (d *Deriver) Against(c types.Collation, equality bool, code string, x *ir.Expr, list ...*ir.Expr) {
	name, _, ok := d.P.Lower.Collation(c)
	if !ok || d.Citext() && d.agreeTypes(c, code, append([]*ir.Expr{x}, list...)) {
		return
	}
	want, own, right := d.Of(c, Implicit), d.Derive(*x), true
	for _, e := range list {
		right = right && meets(want, merged(own, d.Derive(*e)), equality)
	}
	if right {
		return
	}
	for _, e := range list {
		if got := d.Derive(*e); got.Strength == Explicit && got.Name != want.Name {
			*e = Collated(*e, name, c, code)
		}
	}
	if own.Strength != Explicit || own.Name != want.Name {
		*x = Collated(*x, name, c, code)
	}
}

// Choices makes the operand of a simple CASE compare with each of its values by a collation of the source. The target takes an
// explicit collation of the operand for one of a column, so the values that have another one get it too.
func (d *Deriver) Choices(c types.Collation, code string, x *ir.Expr, list ...*ir.Expr) {
	name, _, ok := d.P.Lower.Collation(c)
	if !ok || d.Citext() && d.agreeTypes(c, code, append([]*ir.Expr{x}, list...)) {
		return
	}
	want, own := d.Of(c, Implicit), d.Derive(*x)
	wrong := func() (out []*ir.Expr) {
		at := own
		at.Strength = min(at.Strength, Implicit)
		if own.Strength == Conflict {
			at.Strength = Conflict
		}
		for _, e := range list {
			if !meets(want, merged(at, d.Derive(*e)), true) {
				out = append(out, e)
			}
		}
		return out
	}
	if len(wrong()) > 1 && own.Strength == ByDefault && IsSimple(*x) || len(wrong()) > 0 && own.Strength == Conflict {
		*x = Collated(*x, name, c, code)
		own = d.Derive(*x)
	}
	for _, e := range wrong() {
		*e = Collated(*e, name, c, code)
	}
}

// choose picks the operand that gets the COLLATE: rather a literal or parameter than a column.
func (d *Deriver) choose(ops []*ir.Expr) *ir.Expr {
	for i := len(ops) - 1; i >= 0; i-- {
		if x := d.Derive(*ops[i]); x.Strength == ByDefault && IsSimple(*ops[i]) {
			return ops[i]
		}
	}
	return ops[0]
}

// AllByBytes makes a function over several texts work on bytes, which search and replacement need: one of them gets an explicit
// collation where the target would find one that is not deterministic, or a conflict.
func (d *Deriver) AllByBytes(code string, ops ...*ir.Expr) {
	var list []ir.Expr
	for _, o := range ops {
		if d.Citext() && d.Derive(*o).Folds() {
			*o = d.PlainText(*o, code)
		}
		list = append(list, *o)
	}
	m := d.Merge(list...)
	if m.Strength < Conflict && m.Deterministic {
		return
	}
	c := ir.Qualified("", "C")
	wrapped := false
	for _, o := range ops {
		if x := d.Derive(*o); x.Strength == Explicit && x.Name != "C" {
			*o, wrapped = Collated(*o, c, types.Collation{}, code), true
		}
	}
	for _, o := range ops {
		if x := d.Derive(*o); !wrapped && (x.Strength >= Implicit || x.Strength == ByDefault && !x.Deterministic) && x.Name != "C" {
			*o, wrapped = Collated(*o, c, types.Collation{}, code), true
		}
	}
}
