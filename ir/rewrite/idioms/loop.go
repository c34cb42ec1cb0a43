package idioms

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
)

// loops makes FOR loops of loops over cursors in a program.
func loops(s ir.Stmt) {
	r := &run{root: s}
	walk(control.Body(s), place{}, r.list)
}

type run struct{ root ir.Stmt }

// reading is a loop that reads one cursor from its first row to its last.
type reading struct {
	open  *ir.OpenCursor
	loop  *ir.Loop
	fetch *ir.FetchCursor
	// last is what runs behind the last row before the loop is left, without closing the cursor and the jump.
	last []ir.Stmt
	// test is the statement that leaves the loop.
	test  ir.Stmt
	close *ir.CloseCursor // behind the loop, nil if none
	decl  *ir.CursorDecl
	block *ir.Block // of decl
}

// list looks for the loops in a list.
func (r *run) list(at place) {
	for i := 0; i+1 < len(*at.list); i++ {
		x := r.match((*at.list)[i:], at)
		if x == nil || !r.alone(x) || !x.stays(at) || control.Transactional(x.loop) && !r.survives(x) {
			continue
		}
		list := append([]ir.Stmt(nil), (*at.list)[:i]...)
		list = append(append(list, x.loop), x.last...)
		rest := (*at.list)[i+2:]
		if x.close != nil {
			rest = rest[1:]
		}
		*at.list = append(list, rest...)
		r.rewrite(x, at)
	}
}

// match recognises OPEN, a loop that begins with FETCH and leaves when there is no row, and CLOSE.
func (r *run) match(list []ir.Stmt, at place) *reading {
	open, ok := list[0].(*ir.OpenCursor)
	if !ok || open.Dynamic != nil || len(open.Args) > 0 {
		return nil
	}
	loop, ok := list[1].(*ir.Loop)
	if !ok || loop.Kind != ir.InfiniteLoop || len(loop.Body) < 2 {
		return nil
	}
	fetch, ok := loop.Body[0].(*ir.FetchCursor)
	if !ok || fetch.All || !same(fetch.Name, open.Name) || len(fetch.Into) == 0 {
		return nil
	}
	x := &reading{open: open, loop: loop, fetch: fetch, test: loop.Body[1]}
	if !x.leaves() && (at.inLoop || !r.flagged(x)) || !r.declared(x) {
		return nil
	}
	if len(list) > 2 {
		if c, ok := list[2].(*ir.CloseCursor); ok && same(c.Name, open.Name) {
			x.close = c
		}
	}
	return x
}

// leaves tells that the second statement of the loop leaves it when there is no row.
func (x *reading) leaves() bool {
	switch t := x.test.(type) {
	case *ir.Leave:
		return same(t.Label, x.loop.Label) && isNotFound(t.When)
	case *ir.If:
		if len(t.Branches) != 1 || t.Else != nil || !isNotFound(t.Branches[0].Cond) {
			return false
		}
		body := t.Branches[0].Body
		if len(body) == 0 || !x.isLeave(body[len(body)-1]) {
			return false
		}
		for _, s := range body[:len(body)-1] {
			if !x.isClose(s) {
				x.last = append(x.last, s)
			}
		}
		// What runs behind the last row goes behind the loop: nothing else may get there.
		return len(x.last) == 0 || !control.LeavesLabel(x.loop.Body[2:], x.loop.Label)
	}
	return false
}

// flagged tells that the second statement sets a flag when there is no row, and the third leaves the loop because of it, and that nobody
// else asks for the flag: the loop is left in both cases.
func (r *run) flagged(x *reading) bool {
	t, ok := x.test.(*ir.If)
	if !ok || len(x.loop.Body) < 3 || len(t.Branches) != 1 || t.Else != nil || !isNotFound(t.Branches[0].Cond) || len(t.Branches[0].Body) != 1 {
		return false
	}
	set, ok := t.Branches[0].Body[0].(*ir.SetVar)
	if !ok || len(set.Items) != 1 {
		return false
	}
	flag, ok := control.Target(set.Items[0].Target).(*ir.VarDecl)
	if !ok || !isTrue(set.Items[0].Value) {
		return false
	}
	leave, ok := x.loop.Body[2].(*ir.Leave)
	if !ok || !same(leave.Label, x.loop.Label) || !says(leave.When, flag) {
		return false
	}
	reads, _ := control.Uses(r.root, flag)
	return len(reads) == 1
}

func isTrue(e ir.Expr) bool {
	n, ok := e.(*ir.Number)
	return ok && n.Text == "1"
}

// says tells that a condition is true where the flag is 1.
func says(e ir.Expr, flag *ir.VarDecl) bool {
	switch e := e.(type) {
	case *ir.Truth:
		return control.Target(e.X) == ir.Node(flag)
	case *ir.Compare:
		n, ok := e.R.(*ir.Number)
		return ok && control.Target(e.L) == ir.Node(flag) && (e.Op == ir.Eq && n.Text == "1" || e.Op == ir.Ne && n.Text == "0")
	}
	return false
}

func (x *reading) isLeave(s ir.Stmt) bool {
	l, ok := s.(*ir.Leave)
	return ok && l.When == nil && same(l.Label, x.loop.Label)
}

func (x *reading) isClose(s ir.Stmt) bool {
	c, ok := s.(*ir.CloseCursor)
	return ok && same(c.Name, x.open.Name)
}

// declared finds the declaration of the cursor, the only one of its name.
func (r *run) declared(x *reading) bool {
	n := 0
	ir.Walk(r.root, func(node ir.Node) bool {
		b, ok := node.(*ir.Block)
		if !ok {
			return true
		}
		for _, d := range b.Decls {
			if c, ok := d.(*ir.CursorDecl); ok && same(c.Name.Text, x.open.Name) {
				x.decl, x.block = c, b
				n++
			}
		}
		return true
	})
	if n != 1 || len(x.decl.Params) > 0 {
		return false
	}
	return x.open.Query != nil || x.decl.Query != nil
}

// alone tells that the cursor is used nowhere else: what else closes it is in front of a jump out of the loop.
func (r *run) alone(x *reading) bool {
	uses := 0
	ir.Walk(r.root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			uses += count(same(n.Name, x.open.Name))
		case *ir.FetchCursor:
			uses += count(same(n.Name, x.open.Name))
		case *ir.CloseCursor:
			uses += count(same(n.Name, x.open.Name))
		case *ir.Name:
			uses += 3 * count(len(n.Parts) == 1 && n.Ref == nil && same(n.Parts[0].Text, x.open.Name))
		}
		return true
	})
	uses -= 2 // OPEN and FETCH
	if x.close != nil {
		return uses == 1
	}
	closing := 0
	for _, list := range x.exits() {
		for _, s := range *list {
			closing += count(x.isClose(s))
		}
	}
	return uses == closing
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// exits are the lists of statements in the loop that end by leaving it.
func (x *reading) exits() []*[]ir.Stmt {
	var out []*[]ir.Stmt
	walk(x.loop, place{}, func(at place) {
		if n := len(*at.list); n > 0 && x.isLeave((*at.list)[n-1]) {
			out = append(out, at.list)
		}
	})
	return out
}

// survives tells that the loop goes on behind the end of a transaction: in a procedure the target keeps the rows of its query.
func (r *run) survives(x *reading) bool {
	p, ok := r.root.(*ir.Routine)
	if !ok || p.Returns != nil {
		return false
	}
	q := x.open.Query
	if q == nil {
		q = x.decl.Query
	}
	return !ir.Find(q, func(n ir.Node) bool { _, locks := n.(*ir.Locking); return locks })
}

// stays tells that the loop cannot be left so that the cursor is open when it is opened again.
func (x *reading) stays(at place) bool {
	if at.guarded {
		return false
	}
	inside := map[string]bool{}
	ir.Walk(x.loop, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Loop:
			inside[n.Label] = true
		case *ir.Block:
			inside[n.Label] = true
		}
		return true
	})
	return !at.inLoop || !ir.Find(x.loop, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Leave:
			return !inside[n.Label]
		case *ir.Iterate:
			return !inside[n.Label]
		}
		return false
	})
}

// rewrite makes the loop a FOR loop.
func (r *run) rewrite(x *reading, at place) {
	l := x.loop
	if x.close == nil {
		for _, list := range x.exits() {
			x.withoutClose(list)
		}
	}
	l.Kind, l.Query, l.Targets = ir.QueryLoop, x.open.Query, x.fetch.Into
	if l.Query == nil {
		l.Query = x.decl.Query
	}
	l.Body = l.Body[2:]
	l.Made(code)
	l.Span = x.open.Span
	r.direct(x, at)
	x.comments()
	drop(x.block, x.decl)
	if l.Label != "" && !jumpsTo(l, l.Label) {
		l.Label = ""
	}
}

func (x *reading) withoutClose(list *[]ir.Stmt) {
	var out []ir.Stmt
	for _, s := range *list {
		if !x.isClose(s) {
			out = append(out, s)
		}
	}
	*list = out
}

// comments hands the comments of what went away to what is left.
func (x *reading) comments() {
	l := x.loop
	lead := append([]ir.Comment(nil), x.decl.Lead...)
	lead = append(append(lead, x.decl.Trail...), x.open.Lead...)
	l.Lead = append(append(lead, x.open.Trail...), l.Lead...)
	head := append([]ir.Comment(nil), x.fetch.Lead...)
	head = append(append(head, x.fetch.Trail...), x.test.Base().Lead...)
	head = append(head, x.test.Base().Trail...)
	if len(l.Body) > 0 {
		first := l.Body[0].Base()
		first.Lead = append(head, first.Lead...)
	} else {
		l.Lead = append(l.Lead, head...)
	}
	if x.close != nil {
		l.Trail = append(append(l.Trail, x.close.Lead...), x.close.Trail...)
	}
}

func jumpsTo(n ir.Node, label string) bool {
	return ir.Find(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Leave:
			return same(n.Label, label)
		case *ir.Iterate:
			return same(n.Label, label)
		}
		return false
	})
}

// direct takes out the variables between a row and the variables that it is for: a FOR loop keeps the values of the last row, and makes
// them NULL only where there is no row at all.
func (r *run) direct(x *reading, at place) {
	l := x.loop
	for i, e := range l.Targets {
		next, ok := control.Target(e).(*ir.VarDecl)
		if !ok || len(l.Body) == 0 {
			return
		}
		set, ok := l.Body[0].(*ir.SetVar)
		if !ok || len(set.Items) != 1 || control.Target(set.Items[0].Value) != ir.Node(next) || !made(next) {
			return
		}
		if at.inLoop || !r.nullBefore(set.Items[0].Target) {
			// The rest stays in order: what is taken over later must not be read before.
			return
		}
		if reads, writes := control.Uses(r.root, next); len(reads) != 1 || len(writes) != 1 {
			return
		}
		l.Targets[i] = set.Items[0].Target
		l.Body = l.Body[1:]
		undeclare(r.root, next)
	}
}

// made tells that a rule declared the variable for the next row.
func made(v *ir.VarDecl) bool {
	for _, o := range v.Origin {
		if o == "PL0103" {
			return true
		}
	}
	return false
}

// nullBefore tells that the variable is NULL until the loop, the only place that assigns it.
func (r *run) nullBefore(e ir.Expr) bool {
	d := control.Target(e)
	switch v := d.(type) {
	case *ir.VarDecl:
		if _, null := v.Default.(*ir.Null); v.Default != nil && !null {
			return false
		}
	case *ir.ParamDecl:
		if v.Mode != catalog.Out {
			return false
		}
	default:
		return false
	}
	_, writes := control.Uses(r.root, d)
	return len(writes) == 1
}

func undeclare(root ir.Stmt, v *ir.VarDecl) {
	ir.Walk(root, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok {
			drop(b, v)
		}
		return true
	})
}

func drop(b *ir.Block, d ir.Decl) {
	for i, x := range b.Decls {
		if x == d {
			b.Decls = append(b.Decls[:i:i], b.Decls[i+1:]...)
			return
		}
	}
}
