package catches

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
)

const mentionsKey = "catches.mentions"

// mentions are the names of routines that blocks with handlers call, as far as the script shows them: calls that are not resolved yet
// count by their names.
type mentions struct {
	scanned map[*ir.Unit]bool
	calls   map[string][]string // what a routine calls, by name
	guarded map[string]bool     // what blocks with handlers call
	closed  map[string]bool     // guarded, and all that these routines call; nil if it has to be told anew
}

func mentionsOf(p *rewrite.Pass) *mentions {
	m, _ := p.Session.Values[mentionsKey].(*mentions)
	if m == nil {
		m = &mentions{scanned: map[*ir.Unit]bool{}, calls: map[string][]string{}, guarded: map[string]bool{}}
		p.Session.Values[mentionsKey] = m
	}
	return m
}

// scan notes what the unit mentions, and, the first time, what the units do that follow in the script.
func (m *mentions) scan(p *rewrite.Pass) {
	m.unit(p.Unit)
	for _, u := range p.Session.Script {
		if !m.scanned[u] {
			m.scanned[u] = true
			m.unit(u)
		}
	}
}

func (m *mentions) unit(u *ir.Unit) {
	m.closed = nil
	for _, s := range u.Stmts {
		ir.WalkStatements(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Routine:
				if n.Body != nil {
					name := strings.ToUpper(n.Name.Name())
					m.calls[name] = append(m.calls[name], called(n.Body)...)
				}
			case *ir.Block:
				if len(n.Catches) > 0 {
					for _, name := range called(n) {
						m.guarded[name] = true
					}
				}
			}
			return true
		})
	}
}

// called are the names of the routines that a node calls.
func called(n ir.Node) []string {
	var out []string
	add := func(name string) { out = append(out, strings.ToUpper(name)) }
	last := func(e ir.Expr) {
		if x, ok := e.(*ir.Name); ok && len(x.Parts) > 0 {
			add(x.Parts[len(x.Parts)-1].Text)
		}
	}
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			add(n.Name.Name())
		case *ir.RoutineCall:
			add(n.Name.Name())
		case *ir.Invoke:
			last(n.X)
		case *ir.Invocation:
			last(n.X)
		}
		return true
	})
	return out
}

// protected tells that a routine of the name may be called, at any depth, in a block with handlers.
func (m *mentions) protected(name string) bool {
	if m.closed == nil {
		m.closed = map[string]bool{}
		var queue []string
		add := func(name string) {
			if !m.closed[name] {
				m.closed[name] = true
				queue = append(queue, name)
			}
		}
		for n := range m.guarded {
			add(n)
		}
		for len(queue) > 0 {
			n := queue[0]
			queue = queue[1:]
			for _, c := range m.calls[n] {
				add(c)
			}
		}
	}
	return m.closed[strings.ToUpper(name)]
}
