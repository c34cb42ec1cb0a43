package godwit

import (
	"runtime"
	"slices"

	"godwit/ir"
	"godwit/ir/resolve"
)

// minApart is how many units are worth being resolved side by side, apartAtOnce how many of them a helper takes at a time.
const (
	minApart    = 32
	apartAtOnce = 8
)

// resolveAll resolves units: in order, and then those that are apart, side by side. How many helpers there are makes no difference.
func (p *pipeline) resolveAll(us []*Unit) {
	side, _ := p.res.(*resolve.Resolver)
	inOrder, apart := p.split(side, us)
	for _, u := range specsFirst(inOrder) {
		p.resolve(p.res, u)
		p.withoutFailures(u, func() { p.resolve(p.res, u) })
		p.withoutMethods(u, func() { p.resolve(p.res, u) })
		u.resolved = true
	}
	if len(apart) > 0 {
		p.resolveApart(side, apart, us[len(us)-1])
	}
	p.res.Facts()
}

// specsFirst puts the specifications of packages first: a type that turns out to lack a field there changes nothing that has been resolved.
func specsFirst(us []*Unit) []*Unit {
	spec := func(u *Unit) bool {
		if len(u.Stmts) != 1 {
			return false
		}
		k, ok := u.Stmts[0].(*ir.Package)
		return ok && !k.Body
	}
	if !slices.ContainsFunc(us, spec) {
		return us
	}
	out := make([]*Unit, 0, len(us))
	for _, first := range []bool{true, false} {
		for _, u := range us {
			if spec(u) == first {
				out = append(out, u)
			}
		}
	}
	return out
}

// split tells the units that are resolved in order and those that are apart, if there are enough of them. side is nil for a dialect
// whose units are all resolved in order.
func (p *pipeline) split(side *resolve.Resolver, us []*Unit) (inOrder, apart []*Unit) {
	from := p.opt.apartFrom
	if from == 0 {
		from = minApart
	}
	if side == nil || from < 0 || len(us) < from {
		return us, nil
	}
	for _, u := range us {
		if side.Apart(u.Unit) {
			apart = append(apart, u)
		} else {
			inOrder = append(inOrder, u)
		}
	}
	if len(apart) < from {
		return us, nil
	}
	return inOrder, apart
}

func (p *pipeline) resolve(r resolve.Binder, u *Unit) {
	p.guard(u, "resolve", func() { r.Resolve(u.Unit) })
}

// resolveApart resolves units that are apart; last is the last of all units.
func (p *pipeline) resolveApart(side *resolve.Resolver, us []*Unit, last *Unit) {
	helpers := side.Helpers(runtime.GOMAXPROCS(0))
	free := make(chan *resolve.Resolver, len(helpers))
	for _, h := range helpers {
		free <- h
	}
	inParallel((len(us)+apartAtOnce-1)/apartAtOnce, func(i int) {
		h := <-free
		for _, u := range us[i*apartAtOnce : min((i+1)*apartAtOnce, len(us))] {
			p.resolve(h, u)
		}
		free <- h
	})
	var lastApart *ir.Unit
	if us[len(us)-1] == last {
		lastApart = last.Unit
	}
	side.Adopt(helpers, lastApart)
}
