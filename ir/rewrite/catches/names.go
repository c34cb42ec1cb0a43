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
	callers map[string]bool     // what blocks with handlers call that come behind a catalog
	before  map[string]bool     // as closed, without these
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
	if m.callers == nil && len(p.Session.Callers) > 0 {
		m.callers = map[string]bool{}
		for _, u := range p.Session.Callers {
			m.noteUnit(u, m.callers)
		}
	}
	for _, u := range p.Session.Script {
		if !m.scanned[u] {
			m.scanned[u] = true
			m.unit(u)
		}
	}
}

func (m *mentions) unit(u *ir.Unit) { m.noteUnit(u, m.guarded) }

func (m *mentions) noteUnit(u *ir.Unit, guarded map[string]bool) {
	m.closed, m.before = nil, nil
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
						guarded[name] = true
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
		m.closed = m.reached(m.guarded, m.callers)
	}
	return m.closed[strings.ToUpper(name)]
}

// late tells that only statements behind the catalog call a routine of the name in a block with handlers.
func (m *mentions) late(name string) bool {
	if len(m.callers) == 0 {
		return false
	}
	if m.before == nil {
		m.before = m.reached(m.guarded)
	}
	return !m.before[strings.ToUpper(name)]
}

// reached are the names, and all that the routines of these names call.
func (m *mentions) reached(lists ...map[string]bool) map[string]bool {
	out := map[string]bool{}
	var queue []string
	add := func(name string) {
		if !out[name] {
			out[name] = true
			queue = append(queue, name)
		}
	}
	for _, l := range lists {
		for n := range l {
			add(n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, c := range m.calls[n] {
			add(c)
		}
	}
	return out
}
