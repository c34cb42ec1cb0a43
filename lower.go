package godwit

import (
	"runtime"
	"sync"
	"sync/atomic"

	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/resolve"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/catches"
)

// Lowering has three phases for each unit:
//
//	rewrite   rules and the final check of nodes; in order, since rules hand facts on from unit to unit
//	print     the target's text and its second parse; units do not know of each other, so that workers do it
//	finish    the unit's status, and what it means for units that need its object; in order
//
// The first two overlap in a script that is taken as a whole. What comes out is the same for any number of workers: a rule that
// changes what the printer reads of other units (names in the catalog) waits until all units before are printed.

// lower takes one unit through all phases.
func (p *pipeline) lower(u *Unit) {
	p.rewrite(u)
	p.print(u)
	p.finish(u)
}

// lowerAll takes the units of a script through the phases. at, if not nil, is called before each unit is rewritten, and at the end.
func (p *pipeline) lowerAll(units []*Unit, at func(i int)) {
	if at == nil {
		at = func(int) {}
	}
	prints := printings{list: make([]printing, len(units))}
	printers := newCrew(runtime.GOMAXPROCS(0), func(x *printing) {
		p.print(x.unit)
		x.done.Store(true)
	})
	p.alone = printers.settle
	var forget func(*catalog.Table)
	if r, ok := p.res.(*resolve.Resolver); ok {
		forget = r.Printed
	}
	for i, u := range units {
		p.session.At = i
		at(i)
		p.rewrite(u)
		prints.list[i].unit = u
		printers.take(&prints.list[i])
		if p.sheds {
			prints.settled(forget)
		}
	}
	at(len(units))
	printers.close()
	if p.sheds {
		prints.settled(forget)
	}
	p.alone = nil
	for _, u := range units {
		p.finish(u)
	}
	p.dependents.settleGone(p)
}

// rewrite runs the rules on a unit and proves that the target can express what they leave.
func (p *pipeline) rewrite(u *Unit) {
	p.lowerInner(u)
	p.withVariables(u, func() { p.rulesTwice(u) })
	if isRefused(u.Unit) {
		p.dependents.fails(u)
		for _, in := range u.inner {
			p.dependents.fails(in)
		}
	}
}

// rulesTwice runs the rules, and once more where it has turned out what cannot fail.
func (p *pipeline) rulesTwice(u *Unit) {
	p.runRules(u)
	p.withoutFailures(u, func() {
		p.resolve(p.res, u)
		if !isRefused(u.Unit) {
			p.res.Facts()
			p.renewPrograms(u)
			p.runRules(u)
		}
	})
}

// renewPrograms lets the rules know the programs of a unit that is converted again.
func (p *pipeline) renewPrograms(u *Unit) {
	p.guard(u, "prepare", func() { catches.Renew(p.pass(u)) })
}

// runRules runs the rules once.
func (p *pipeline) runRules(u *Unit) {
	p.guard(u, "rewrite", func() {
		if object, at := p.dependents.missing(u); object != "" {
			p.refuseFor(u, object, at)
			return
		}
		rewrite.Run(p.pass(u), p.rules)
		p.verify(u)
		p.told(u)
		p.meets(u)
	})
}

// print makes the target's text of a unit and parses it again.
func (p *pipeline) print(u *Unit) {
	p.guard(u, "emit", func() {
		u.Outputs = p.emitter.Check(u.Unit, p.emitter.Unit(u.Unit))
	})
}

// finish tells what became of a unit.
func (p *pipeline) finish(u *Unit) {
	u.Findings = u.Findings.Sort()
	u.Status = u.Findings.Worst()
	if (isRefused(u.Unit) || u.Status == diag.Refused) && (p.withoutUnparsed(u) || p.hollowOut(u)) {
		return
	}
	if isRefused(u.Unit) || u.Status == diag.Refused {
		u.Status = diag.Refused
		p.dependents.settle(p, u)
	}
}

// told refuses a unit of which a finding says so, so that units that need its object see it.
func (p *pipeline) told(u *Unit) {
	if isRefused(u.Unit) {
		return
	}
	for _, f := range u.Findings {
		if f.Fidelity == diag.Refused {
			p.refuse(u, f.Code, f.Message)
			return
		}
	}
}

// crew are workers that take units or other pieces of work as they come.
type crew[T any] struct {
	todo  chan T
	work  sync.WaitGroup // what is not done
	hands sync.WaitGroup
}

// backlog is how many units may wait for a worker.
const backlog = 256

func newCrew[T any](n int, do func(T)) *crew[T] {
	c := &crew[T]{todo: make(chan T, backlog)}
	for range n {
		c.hands.Go(func() {
			for u := range c.todo {
				do(u)
				c.work.Done()
			}
		})
	}
	return c
}

func (c *crew[T]) take(x T) {
	c.work.Add(1)
	c.todo <- x
}

// settle waits until all that was taken is done.
func (c *crew[T]) settle() { c.work.Wait() }

func (c *crew[T]) close() {
	close(c.todo)
	c.hands.Wait()
}

// inParallel calls do for 0 to n-1.
func inParallel(n int, do func(int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}
