package handlers

import (
	"maps"
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// arms makes the exception arms for a statement that can raise the kinds: of the scopes around it, from the inside outwards
// up to a block whose handlers are its own arms. leaf is nil for the arms of a plain block.
func (r *run) arms(sc *scope, kinds control.Kinds, leaf ir.Stmt, tail bool) []*ir.ExceptArm {
	var out []*ir.ExceptArm
	seen := map[string]bool{}
	var guards []*guard
	for s := sc; s != nil && (leaf == nil && s == sc || leaf != nil && !s.plain); s = s.parent {
		for _, m := range s.ordered() {
			k := m.c.kinds & kinds
			if k == 0 || seen["OTHERS"] && m.c.kinds != control.NoRow || leaf != nil && k == control.NoRow && !passesNoRow(r.p, leaf) {
				continue
			}
			for _, g := range guards {
				if g.takes(m.c) {
					body := r.handlerBody(m.h, errorContext, tail && s == sc, leaf)
					g.also = append(g.also, numbered{m.c.errno, body})
				}
			}
			for _, t := range r.targetConditions(m.c, sc, leaf, seen) {
				a := &ir.ExceptArm{Conditions: t.names}
				a.Span = m.h.Span
				a.Made(code)
				a.Body = r.handlerBody(m.h, errorContext, tail && s == sc, leaf)
				out = append(out, a)
				if t.class != "" || t.number != "" {
					guards = append(guards, &guard{arm: a, state: t.state, class: t.class != "", number: t.number, by: t.by})
				}
			}
		}
	}
	r.guard(out, guards)
	if a := r.noErrors(seen, r.place(sc, leaf)); a != nil {
		a.Span = out[0].Span
		out = append(out, a)
	}
	return classesLast(out, guards)
}

// noErrors is the arm for conditions of the class "no data" that are raised, nil if there are none: they are no errors for handlers, and pass on beside an arm
// for everything.
func (r *run) noErrors(seen map[string]bool, at ir.Node) *ir.ExceptArm {
	if !seen["OTHERS"] {
		return nil
	}
	a := &ir.ExceptArm{Body: []ir.Stmt{&ir.Raise{}}}
	for _, state := range r.noData(at) {
		if name := "SQLSTATE '" + state + "'"; !seen[name] {
			a.Conditions = append(a.Conditions, name)
		}
	}
	if len(a.Conditions) == 0 {
		return nil
	}
	a.Made(code)
	return a
}

// noData are the states of the class "no data" that are signalled at a place.
func (r *run) noData(at ir.Node) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.declaredBy(at).states)), func(s string) bool { return !control.IsNotFound(s) })
}

// classesLast puts the arms that catch a whole class of states, though they mean one, behind those for other states of the
// class and in front of the one for everything.
func classesLast(arms []*ir.ExceptArm, guards []*guard) []*ir.ExceptArm {
	var first, classes, rest []*ir.ExceptArm
	for _, a := range arms {
		guarded := slices.ContainsFunc(guards, func(g *guard) bool { return g.arm == a && g.class })
		switch {
		case guarded:
			classes = append(classes, a)
		case len(a.Conditions) == 1 && a.Conditions[0] == "OTHERS":
			rest = append(rest, a)
		default:
			first = append(first, a)
		}
	}
	return append(append(first, classes...), rest...)
}

// passesNoRow tells that a routine or trigger that the statement runs may end with the condition "no row".
func passesNoRow(p *rewrite.Pass, s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.NoRow
		case *ir.RoutineCall:
			return n.Routine == nil || n.Routine.Facts.NoRow
		case *ir.Raise:
			return true
		}
		return false
	}) || fires(p, s)
}

// guard is an arm that catches a whole class of states where the source means one of them, or all error numbers of a state where it means one.
type guard struct {
	arm    *ir.ExceptArm
	state  string
	class  bool   // the target catches the whole class of the state
	number string // the error number that is meant, "" for any
	by     *declared
	also   []numbered // handlers for other numbers of the state; the last one may be for any
}

// numbered is what runs for an error number, "" for any.
type numbered struct {
	number string
	body   []ir.Stmt
}

// takes tells that a handler further out is for other numbers of the guard's state.
func (g *guard) takes(c condition) bool {
	if g.number == "" || len(g.also) > 0 && g.also[len(g.also)-1].number == "" {
		return false
	}
	if c.errno == "" {
		return g.state == c.state
	}
	numbers := g.by.states[g.state]
	return c.errno != g.number && (numbers[c.errno] || numbers["?"]) && !slices.ContainsFunc(g.also, func(n numbered) bool { return n.number == c.errno })
}

// guard lets other states of the class, and other numbers, pass on: to the arm for everything else if there is one, else outwards.
func (r *run) guard(arms []*ir.ExceptArm, guards []*guard) {
	for _, g := range guards {
		other := func() (list []ir.Stmt) {
			for _, a := range arms {
				if len(a.Conditions) == 1 && a.Conditions[0] == "OTHERS" {
					for _, s := range a.Body {
						list = append(list, control.Copy(s))
					}
				}
			}
			if list == nil {
				list = []ir.Stmt{&ir.Raise{}}
			}
			return list
		}
		if g.number != "" {
			g.arm.Body = append([]ir.Stmt{r.readNumber()}, r.byNumber(g, other)...)
		}
		if g.class && !g.by.onlyOfClass(g.state, arms) {
			g.arm.Body = []ir.Stmt{either(control.State(), control.Text(g.state), g.arm.Body, other())}
		}
	}
}

// byNumber chooses among the handlers for the numbers of a state.
func (r *run) byNumber(g *guard, other func() []ir.Stmt) []ir.Stmt {
	list := append([]numbered{{g.number, g.arm.Body}}, g.also...)
	var rest []ir.Stmt
	if last := list[len(list)-1]; last.number == "" {
		rest, list = last.body, list[:len(list)-1]
	} else {
		rest = other()
	}
	f := &ir.If{Else: rest}
	for _, x := range list {
		n := r.p.Helper("signal_errno", withType(types.Int{Bits: 32}), r.numberRead(), control.Int(plainNumber))
		one := either(n, control.Int(x.number), x.body, nil).(*ir.If)
		f.Branches = append(f.Branches, one.Branches...)
	}
	return []ir.Stmt{f}
}

// either is IF value = wanted THEN body ELSE rest END IF.
func either(value, wanted ir.Expr, body, rest []ir.Stmt) ir.Stmt {
	cmp := &ir.Compare{Op: ir.Eq, L: value, R: wanted}
	cmp.Type = types.Bool{}
	f := control.When(cmp, body...)
	f.Else = rest
	return f
}

// taken is what an arm takes: conditions of the target, and the state that the arm must check because the target catches its whole class.
type taken struct {
	names  []string
	state  string
	class  string
	number string    // the error number that the arm must check
	by     *declared // what may be raised
}

// targetConditions are the target's conditions for a condition of the source that are not taken yet.
func (r *run) targetConditions(c condition, sc *scope, leaf ir.Stmt, seen map[string]bool) []taken {
	var t taken
	add := func(n string) {
		if !seen[n] {
			seen[n] = true
			t.names = append(t.names, n)
		}
	}
	if c.errno != "" {
		return r.signalled(c, leaf, seen)
	}
	at := r.place(sc, leaf)
	t.by = r.declaredBy(at)
	for _, n := range r.namesAt(c, at) {
		if r.means(c, n, t.by, at) {
			add(n)
		}
	}
	if c.state == "" || !r.mayDeclare(leaf) {
		return t.list()
	}
	switch {
	case !t.by.unknown && t.by.states[c.state] == nil:
	case c.state == "23000":
		if t.by.missing {
			r.tell(sharedCondition, at, "the target takes columns that are left out for the class 23000 here")
		}
		t.names = nil
		add("integrity_constraint_violation")
	case !control.IsClass(c.state):
		add("SQLSTATE '" + c.state + "'")
	case len(c.names) == 0:
		add("SQLSTATE '" + c.state + "'")
		t.state, t.class = c.state, c.state
	}
	return t.list()
}

// namesAt are the names of a condition on the target; NOT FOUND means all states of its class that may come there.
func (r *run) namesAt(c condition, at ir.Node) []string {
	if c.kinds != control.NoRow || c.code != 0 {
		return c.names
	}
	if c.soft != "" {
		return []string{"SQLSTATE '" + c.soft + "'"}
	}
	names := c.names
	for _, state := range r.noData(at) {
		if name := "SQLSTATE '" + state + "'"; !slices.Contains(names, name) {
			names = append(slices.Clone(names), name)
		}
	}
	return names
}

// place is the statement that an arm is for, or the block.
func (r *run) place(sc *scope, leaf ir.Stmt) ir.Node {
	if leaf != nil {
		return leaf
	}
	return sc.block
}

// means tells that the target's condition stands for the source's where the statement fails: the target has one condition for both ends of a foreign
// key, and for columns that are NULL or left out.
func (r *run) means(c condition, name string, d *declared, at ir.Node) bool {
	yes, no := true, false
	switch {
	case name == "not_null_violation" && (c.code == 1364 || c.state == "HY000"):
		yes, no = d.missing, d.null
	case name == "not_null_violation" && (c.code == 1048 || c.state == "23000"):
		yes, no = d.null, d.missing
	case name == "foreign_key_violation" && (c.code == 1452 || c.code == 1216):
		yes, no = d.child, d.parent
	case name == "foreign_key_violation" && (c.code == 1451 || c.code == 1217):
		yes, no = d.parent, d.child
	}
	if c.code == 1329 {
		for number := range d.states["02000"] {
			no = no || number != "1329"
		}
	}
	if yes && no {
		r.tell(sharedCondition, at, "the target has one condition here for %s and for another error of the source", name)
	}
	return yes
}

func (t taken) list() []taken {
	if len(t.names) == 0 {
		return nil
	}
	return []taken{t}
}

// signalled are the SQLSTATEs that a leaf raises with the error number of the condition. Where a called routine or a trigger signals, the states have to tell,
// or the detail of the error.
func (r *run) signalled(c condition, leaf ir.Stmt, seen map[string]bool) []taken {
	s, ok := leaf.(*ir.Signal)
	if ok && s.Condition != nil && s.Condition.Kind == ir.ByState && !s.Resignal {
		state := "SQLSTATE '" + s.Condition.State + "'"
		if numberOf(s) != c.errno || seen[state] {
			return nil
		}
		seen[state] = true
		return []taken{{names: []string{state}}}
	}
	if !ok && !signals(r.p, leaf) {
		return nil
	}
	d := r.declaredBy(leaf)
	states, known := d.withNumber(c.errno)
	if !known {
		rewrite.Refuse(r.p, unknownCondition, leaf.Base().Span, "what is raised here may have the error number %s, which the target does not keep", c.errno)
		return nil
	}
	var out []taken
	for _, state := range slices.Sorted(maps.Keys(states)) {
		t := taken{names: []string{"SQLSTATE '" + state + "'"}, by: d, state: state}
		if control.IsClass(state) {
			t.class = state
		}
		if !states[state] {
			t.number = c.errno
		}
		if !seen[t.names[0]] {
			seen[t.names[0]] = true
			out = append(out, t)
		}
	}
	return out
}

// declaredBy is declaredBy for a statement of the routine: what is raised again comes from the statement that failed.
func (r *run) declaredBy(at ir.Node) *declared {
	if x, ok := at.(*ir.Raise); ok {
		if o, ok := r.again[x]; ok && o.leaf != nil {
			return r.declaredBy(o.leaf)
		} else if ok {
			return declaredBy(r.p, o.h.scope.block)
		}
	}
	return declaredBy(r.p, at)
}

// numberOf is the error number of a SIGNAL, "?" if it is no literal.
func numberOf(s *ir.Signal) string {
	for _, i := range s.Items {
		if i.Name == "MYSQL_ERRNO" {
			if n, ok := i.Value.(*ir.Number); ok {
				return n.Text
			}
			return "?"
		}
	}
	switch {
	case s.Condition != nil && control.IsNotFound(s.Condition.State):
		return "1643"
	case s.Condition != nil && control.IsWarning(s.Condition.State):
		return "1642"
	}
	return "1644"
}

// signals tells that a routine or trigger that the statement runs may raise a condition of its own.
func signals(p *rewrite.Pass, leaf ir.Stmt) bool {
	if leaf == nil {
		return false
	}
	return ir.Find(leaf, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.CanRaise
		case *ir.RoutineCall:
			return n.Routine == nil || n.Routine.Facts.CanRaise
		}
		return false
	}) || fires(p, leaf)
}

// mayDeclare tells that the statement can raise states that SIGNAL makes.
func (r *run) mayDeclare(leaf ir.Stmt) bool {
	return leaf == nil || r.kinds(leaf)&control.Declared != 0
}

// kinds is what a statement can raise. A change of rows raises what SIGNAL makes only by triggers.
func (r *run) kinds(s ir.Stmt) control.Kinds {
	k := control.OfStmt(s)
	switch n := s.(type) {
	case *ir.Raise:
		o, ok := r.again[n]
		switch {
		case ok && o.leaf != nil:
			return o.h.kinds() & r.kinds(o.leaf)
		case ok:
			return o.h.kinds()
		}
	case *ir.Insert, *ir.Update, *ir.Delete:
		if !signals(r.p, s) {
			return k &^ control.Declared
		}
		k |= control.NoRow
	}
	return k
}

// context says what a handler's body runs for.
type context int

const (
	errorContext context = iota // in an exception arm
	noRowContext                // where a query or FETCH found no row
)

// handlerBody copies the body of a handler for one place and adds the way out.
func (r *run) handlerBody(h *bound, ctx context, tail bool, leaf ir.Stmt) []ir.Stmt {
	body := control.Copy(h.Body)
	list := control.List(body)
	list = r.bindDiagnostics(list, ctx, h, leaf)
	open := r.open
	r.open = false
	list = r.list(list, h.scope.parent, false)
	r.open = open
	if h.Action == ir.ExitHandler && !tail && !control.Leaves(list) && !(h.scope.plain && ctx == errorContext) {
		l := &ir.Leave{Label: r.labelOf(h.scope.block)}
		l.Span = h.Span
		list = append(list, l)
	}
	if len(list) == 0 {
		n := &ir.Nothing{}
		n.Span = h.Span
		list = []ir.Stmt{n}
	}
	return list
}

// labelOf gives the block a label if it has none.
func (r *run) labelOf(b *ir.Block) string {
	if b.Label == "" {
		b.Label = r.fresh("handled")
	}
	return b.Label
}

// fresh makes a label or variable name that the routine does not use.
func (r *run) fresh(name string) string {
	n := name
	for i := 2; r.names[n]; i++ {
		n = name + "_" + itoa(i)
	}
	r.names[n] = true
	return n
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}

// signal processes SIGNAL, RESIGNAL and the marks of "no row".
func (r *run) signal(s *ir.Signal, sc *scope, tail bool) []ir.Stmt {
	if mark := control.NoRowMark(s); mark != "" {
		return r.noRow(s, mark, sc, tail)
	}
	if s.Condition != nil && s.Condition.Kind == ir.ByName {
		if d := sc.declared(s.Condition.Name); d != nil {
			c := *d
			s.Condition = &c
		}
	}
	if s.Condition == nil || s.Condition.Kind != ir.ByState {
		return []ir.Stmt{r.protect(s, sc, tail)}
	}
	switch state := s.Condition.State; {
	case control.IsNotFound(state):
		if h := r.softly(s, sc, control.NoRow); h != nil && !r.crosses(sc, h) {
			return r.unlessNull(s, sc, tail, r.handlerBody(h, noRowContext, tail && h.scope == sc, s))
		}
		return []ir.Stmt{s}
	case control.IsWarning(state):
		if h := r.softly(s, sc, control.Warning); h != nil {
			return r.unlessNull(s, sc, tail, r.handlerBody(h, noRowContext, tail && h.scope == sc, s))
		}
		return []ir.Stmt{s}
	}
	return []ir.Stmt{r.protect(s, sc, tail)}
}

// unlessNull raises the error that SIGNAL itself ends with where its MESSAGE_TEXT is NULL (1231), in front of what a handler does for its condition.
func (r *run) unlessNull(s *ir.Signal, sc *scope, tail bool, body []ir.Stmt) []ir.Stmt {
	at := slices.IndexFunc(s.Items, func(i *ir.SignalItem) bool { return i.Name == "MESSAGE_TEXT" })
	if at < 0 {
		return body
	}
	if _, ok := s.Items[at].Value.(*ir.String); ok {
		return body
	}
	null := &ir.IsNull{X: s.Items[at].Value}
	null.Type = types.Bool{}
	x := &ir.Signal{Condition: &ir.Condition{Kind: ir.ByState, State: "42000"}, Items: []*ir.SignalItem{
		{Name: "MESSAGE_TEXT", Value: control.Text("Variable 'MESSAGE_TEXT' can't be set to the value of 'NULL'")}, {Name: "MYSQL_ERRNO", Value: control.Int("1231")}}}
	x.Span = s.Span
	x.Made(code)
	f := control.When(null, r.protect(x, sc, tail))
	f.Span = s.Span
	f.Made(code)
	f.Else = body
	return []ir.Stmt{f}
}

// softly is the handler for a SIGNAL of what is no error.
func (r *run) softly(s *ir.Signal, sc *scope, kind control.Kinds) *bound {
	h, clear := sc.forSignal(s.Condition.State, numberOf(s), kind)
	if !clear {
		rewrite.Refuse(r.p, unknownCondition, s.Span, "a SIGNAL with a number that is computed, beside a handler for a number")
	}
	return h
}

// noRow puts the handler for NOT FOUND where no row was found.
func (r *run) noRow(s *ir.Signal, mark string, sc *scope, tail bool) []ir.Stmt {
	h := sc.forNoRow()
	if mark == control.SelectMark {
		h = sc.forMissing()
	}
	if h != nil && !r.crosses(sc, h) {
		return r.handlerBody(h, noRowContext, tail && h.scope == sc, s)
	}
	if mark == control.SelectMark && h == nil {
		return []ir.Stmt{control.Take(code, s, &ir.Nothing{})}
	}
	x := &ir.Raise{Level: "EXCEPTION", State: "02000", Message: control.Text(noData)}
	return []ir.Stmt{control.Take(code, s, x)}
}

const noData = "No data - zero rows fetched, selected, or processed"

// Clean tells that a routine writes nothing before its last statement that can raise. It is known of routines that the
// session has seen.
func Clean(p *rewrite.Pass, c *catalog.Routine) bool { return fact(p, "handlers.clean", c) }

// Quiet tells that a routine leaves no NOT FOUND condition behind.
func Quiet(p *rewrite.Pass, c *catalog.Routine) bool { return fact(p, "handlers.quiet", c) }

func fact(p *rewrite.Pass, key string, c *catalog.Routine) bool {
	if p.Session == nil || c == nil {
		return false
	}
	m, _ := p.Session.Values[key].(map[*catalog.Routine]bool)
	return m[c]
}
