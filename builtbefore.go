package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
)

// builtBefore are the objects that the statements of a script build with constructors, in order: ALTER TYPE ADD ATTRIBUTE gives those that are
// there NULL in the new attributes (Database Object-Relational Developer's Guide, "Type Evolution"). The folder's types have them from the start.
type builtBefore struct {
	units []*Unit
	known map[string]*ir.ObjectType // the definitions so far
	under map[string][]string       // the types under a type
	calls map[string][]builtAt      // by the type's name; nil until they are looked for
}

// builtAt is a call with the number of its unit.
type builtAt struct {
	at   int
	call *ir.Invoke
}

// define notes a type, in the order of the script.
func (b *builtBefore) define(u *Unit, t *ir.ObjectType) {
	if b.under == nil {
		b.known, b.under = map[string]*ir.ObjectType{}, map[string][]string{}
	}
	key := typeKey(u, t.Name)
	if b.known[key] == nil && t.Under != nil {
		above := typeKey(u, *t.Under)
		b.under[above] = append(b.under[above], key)
	}
	b.known[key] = t
}

// extend gives NULL for n attributes, which unit at adds behind the first has ones of a type, to the constructors of the type and of those under
// it that statements in front of the unit call with all other attributes.
func (b *builtBefore) extend(at int, t *ir.ObjectType, has, n int) {
	b.find()
	u := b.units[at]
	above := 0
	for x, deep := t, 0; x.Under != nil && deep < len(b.known); deep++ {
		if x = b.known[typeKey(u, *x.Under)]; x == nil {
			break
		}
		above += len(x.Attributes)
	}
	seen := map[string]bool{}
	var down func(key string, below int)
	down = func(key string, below int) {
		if seen[key] {
			return
		}
		seen[key] = true
		for _, c := range b.calls[key[strings.LastIndexByte(key, '.')+1:]] {
			if c.at < at && len(c.call.Args) == above+has+below && !slices.ContainsFunc(c.call.Args, isNamed) {
				nulls := make([]ir.Expr, n)
				for i := range nulls {
					null := &ir.Null{}
					null.Span = c.call.Span
					nulls[i] = null
				}
				c.call.Args = slices.Insert(c.call.Args, above+has, nulls...)
			}
		}
		for _, k := range b.under[key] {
			down(k, below+len(b.known[k].Attributes))
		}
	}
	down(typeKey(u, t.Name), 0)
}

func isNamed(e ir.Expr) bool {
	_, ok := e.(*ir.NamedArg)
	return ok
}

// find lists the calls of statements that run where they stand: a definition is compiled again behind the change.
func (b *builtBefore) find() {
	if b.calls != nil {
		return
	}
	b.calls = map[string][]builtAt{}
	for i, u := range b.units {
		for _, s := range u.Stmts {
			if defines(s).key != "" {
				continue
			}
			ir.Walk(s, func(n ir.Node) bool {
				if c, ok := n.(*ir.Invoke); ok {
					if name, ok := c.X.(*ir.Name); ok && len(name.Parts) > 0 {
						last := name.Parts[len(name.Parts)-1].Text
						b.calls[last] = append(b.calls[last], builtAt{i, c})
					}
				}
				return true
			})
		}
	}
}
