package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
)

const readersKey = "plsql.readers"

// readers are the routines that ask for the error of their callers, by themselves or by what they call.
type readers struct {
	reads   map[*catalog.Routine]bool
	callers map[*catalog.Routine][]*catalog.Routine
}

func readersOf(p *rewrite.Pass) *readers {
	m, _ := p.Session.Values[readersKey].(*readers)
	if m == nil {
		m = &readers{reads: map[*catalog.Routine]bool{}, callers: map[*catalog.Routine][]*catalog.Routine{}}
		p.Session.Values[readersKey] = m
	}
	return m
}

// mark notes that a routine reads, and so do those that call it.
func (m *readers) mark(o *catalog.Routine) {
	list := []*catalog.Routine{o}
	for len(list) > 0 {
		o, list = list[len(list)-1], list[:len(list)-1]
		if !m.reads[o] {
			m.reads[o] = true
			list = append(list, m.callers[o]...)
		}
	}
}

// learn notes what a routine asks and calls, except in its handlers.
func (m *readers) learn(d *ir.Routine) {
	asks, called := asked(d)
	for _, c := range called {
		m.callers[c] = append(m.callers[c], d.Object)
		asks = asks || m.reads[c]
	}
	if asks {
		m.mark(d.Object)
	}
}

// asked tells whether a routine asks for the error of its callers, and what it calls, both outside of its handlers and the routines it declares.
func asked(d *ir.Routine) (asks bool, called []*catalog.Routine) {
	ir.Walk(d, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Catch:
			return false
		case *ir.RoutineDecl:
			return false
		case *ir.CallProc:
			if n.Routine != nil {
				called = append(called, n.Routine)
			}
		case *ir.RoutineCall:
			if n.Routine != nil {
				called = append(called, n.Routine)
			}
		case ir.Expr:
			if name, arg := ErrorWord(n); name != "" && arg == nil {
				asks = true
			}
		}
		return true
	})
	return asks, called
}

// AsksCaller tells that a routine asks for the error that its caller handles, by itself or by what it calls.
func (c *Code) AsksCaller(o *catalog.Routine) bool {
	return c.asksBelow(o, map[*catalog.Routine]bool{})
}

func (c *Code) asksBelow(o *catalog.Routine, seen map[*catalog.Routine]bool) bool {
	if o == nil || seen[o] || c.readers.reads[o] {
		return o != nil && c.readers.reads[o]
	}
	seen[o] = true
	d := c.nested[o] // rules make further forms of nested routines
	if d == nil {
		return false
	}
	asks, called := asked(d)
	for _, x := range called {
		asks = asks || c.asksBelow(x, seen)
	}
	return asks
}

// TellsCallee tells that a node calls a routine that asks for the error that is handled.
func (c *Code) TellsCallee(n ir.Node) bool {
	return ir.Find(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return c.AsksCaller(n.Routine)
		case *ir.RoutineCall:
			return c.AsksCaller(n.Routine)
		}
		return false
	})
}
