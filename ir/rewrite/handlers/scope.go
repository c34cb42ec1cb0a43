package handlers

import (
	"sort"
	"strconv"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

// scope is a block with handlers, as seen from the statements inside it.
type scope struct {
	parent *scope
	block  *ir.Block
	// own are the block's handlers, the most specific first.
	own []*bound
	// plain tells that the handlers became EXCEPTION arms of the whole block.
	plain bool
	// segment tells that the block is made of statements of an open transaction, which the arms undo as a whole.
	segment bool
}

// bound is a handler with its conditions looked up.
type bound struct {
	*ir.Handler
	scope *scope
	conds []condition
}

// condition is one condition of a handler in the target's terms.
type condition struct {
	rank  int // 0 error code, 1 SQLSTATE, 2 class
	kinds control.Kinds
	names []string // the target's conditions
	state string   // the source's SQLSTATE when a SIGNAL may raise it, "" otherwise
	errno string   // the error number that only a SIGNAL gives, "" otherwise
	code  int      // the error number of the server, 0 otherwise
	soft  string   // the SQLSTATE of the class "no data" that it names, "" otherwise
}

// ownNumber tells an error number that no error of the server has: it comes of SIGNAL. The server's are below 5000, and from 10000 to 19999.
func ownNumber(code int) bool { return code == 1644 || code >= 5000 && code < 10000 || code >= 20000 }

// lookup turns a condition of the source into the target's terms; ok is false after a refusal.
func (r *run) lookup(sc *scope, c ir.Condition, h *ir.Handler) (out condition, ok bool) {
	switch c.Kind {
	case ir.ByName:
		d := sc.declared(c.Name)
		if d == nil || d.Kind == ir.ByName {
			rewrite.Refuse(r.p, unknownCondition, h.Span, "condition %s is not declared", c.Name)
			return out, false
		}
		return r.lookup(sc, *d, h)
	case ir.ByCode:
		e, known := control.ErrorByCode(c.Code)
		if !known && ownNumber(c.Code) {
			return condition{rank: 0, kinds: control.Declared, errno: strconv.Itoa(c.Code)}, true
		}
		if !known {
			rewrite.Refuse(r.p, unknownCondition, h.Span, "handler for error %d, for which no condition of the target is known", c.Code)
			return out, false
		}
		return condition{rank: 0, kinds: e.Kind, names: e.Conditions, code: c.Code}, true
	case ir.ByState:
		return r.byState(sc, c.State, h)
	case ir.NotFound:
		return condition{rank: 2, kinds: control.NoRow, names: []string{"SQLSTATE '02000'"}}, true
	case ir.SQLException:
		return condition{rank: 2, kinds: control.Errors, names: []string{"OTHERS"}}, true
	case ir.SQLWarning:
		r.warning(sc, h)
		return condition{rank: 2, kinds: control.Warning}, true
	}
	rewrite.Refuse(r.p, unknownCondition, h.Span, "a kind of condition that is not known")
	return out, false
}

func (r *run) byState(sc *scope, state string, h *ir.Handler) (condition, bool) {
	switch {
	case control.IsNotFound(state):
		return condition{rank: 1, kinds: control.NoRow, names: []string{"SQLSTATE '02000'"}, soft: state}, true
	case control.IsWarning(state):
		r.warning(sc, h)
		return condition{rank: 1, kinds: control.Warning, state: state}, true
	case !control.ValidState(state):
		rewrite.Refuse(r.p, unknownCondition, h.Span, "handler for SQLSTATE '%s', which the target cannot raise", state)
		return condition{}, false
	}
	kinds, names := control.ByState(state)
	return condition{rank: 1, kinds: kinds | control.Declared, names: names, state: state}, true
}

// warning reports a handler for warnings, which runs on the target for those of SIGNAL and for queries without rows only. One that does
// nothing, or whose block leaves no other warnings, needs no report.
func (r *run) warning(sc *scope, h *ir.Handler) {
	if h.Action == ir.ContinueHandler && isEmpty(h.Body) || r.warned[h] || !declaredBy(r.p, &ir.Block{Body: sc.block.Body}).warns {
		return
	}
	r.warned[h] = true
	r.p.Report(warningHandler, h.Span, "handler for warnings: the target raises no condition for a warning, so the handler does not run for one")
}

func isEmpty(s ir.Stmt) bool {
	for _, x := range control.List(s) {
		if _, ok := x.(*ir.Nothing); !ok {
			return false
		}
	}
	return true
}

// declared finds a named condition, from the block outwards.
func (sc *scope) declared(name string) *ir.Condition {
	for s := sc; s != nil; s = s.parent {
		for _, d := range s.block.Decls {
			if c, ok := d.(*ir.ConditionDecl); ok && equalFold(c.Name.Text, name) {
				return &c.Value
			}
		}
	}
	return nil
}

// bindHandlers looks up the handlers of the block.
func (r *run) bindHandlers(sc *scope) {
	for _, d := range sc.block.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		if h.Action == ir.UndoHandler {
			rewrite.Refuse(r.p, undoHandler, h.Span, "UNDO handler")
			return
		}
		r.lateDiagnostics(h)
		b := &bound{Handler: h, scope: sc}
		for _, c := range h.Conditions {
			x, ok := r.lookup(sc, c, h)
			if !ok {
				return
			}
			if x.kinds != 0 {
				b.conds = append(b.conds, x)
			}
			if x.code != 0 && declaredBy(r.p, sc.block).gives(strconv.Itoa(x.code)) {
				b.conds = append(b.conds, condition{rank: 0, kinds: control.Declared, errno: strconv.Itoa(x.code)})
			}
		}
		if len(b.conds) > 0 {
			sc.own = append(sc.own, b)
		}
	}
}

// match is a handler that applies through one of its conditions.
type match struct {
	h *bound
	c condition
}

// ordered lists the conditions of a scope's handlers, the most specific first.
func (sc *scope) ordered() []match {
	var out []match
	for _, h := range sc.own {
		for _, c := range h.conds {
			out = append(out, match{h, c})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].c.rank < out[j].c.rank })
	return out
}

// forNoRow is the handler that runs when a statement inside the scope finds no row, nil if there is none.
func (sc *scope) forNoRow() *bound {
	for s := sc; s != nil; s = s.parent {
		for _, m := range s.ordered() {
			if m.c.kinds&control.NoRow != 0 && (m.c.soft == "" || m.c.soft == "02000") {
				return m.h
			}
		}
	}
	return nil
}

// forSignal is the handler that runs for a condition of SIGNAL that is no error, by its number, its state or its class (kind); nil if there is none.
// It is not clear where the number is computed and a handler names one.
func (sc *scope) forSignal(state, number string, kind control.Kinds) (h *bound, clear bool) {
	for s := sc; s != nil; s = s.parent {
		for _, m := range s.ordered() {
			switch c := m.c; {
			case c.rank == 0 && number == "?":
				return nil, false
			case c.rank == 0 && (c.errno == number || c.code != 0 && strconv.Itoa(c.code) == number),
				c.rank > 0 && c.kinds&kind != 0 && (c.soft == "" || c.soft == state) && (c.state == "" || c.state == state):
				return m.h, true
			}
		}
	}
	return nil, true
}

// forMissing is the handler that runs when a query inside the scope finds no row, which is a warning: in each block the first one for NOT FOUND or
// for all warnings.
func (sc *scope) forMissing() *bound {
	for s := sc; s != nil; s = s.parent {
		for _, m := range s.ordered() {
			if m.c.kinds&control.NoRow != 0 && (m.c.soft == "" || m.c.soft == "02000") || m.c.kinds&control.Warning != 0 && m.c.state == "" {
				return m.h
			}
		}
	}
	return nil
}

// handles is the set of kinds that the scope's own handlers take.
func (sc *scope) handles() control.Kinds {
	var k control.Kinds
	for _, h := range sc.own {
		k |= h.kinds()
	}
	return k
}

func (b *bound) kinds() control.Kinds {
	var k control.Kinds
	for _, c := range b.conds {
		k |= c.kinds
	}
	return k
}

// around is the set of kinds that handlers outside the block take.
func (sc *scope) around() control.Kinds {
	var k control.Kinds
	for s := sc.parent; s != nil; s = s.parent {
		k |= s.handles()
	}
	return k
}
