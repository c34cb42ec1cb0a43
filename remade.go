package godwit

import (
	"maps"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// A folder holds one definition of each object, and its definitions run before all other statements. Where a script makes an object, drops it and makes
// it again, the last one stays; what the script did with the first is left out or told.

// madeAgain is told of a definition that is dropped before another one takes its place.
var madeAgain = &diag.Code{
	ID: "NM0761", Title: "Object that is dropped and made again", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "A statement behind this one drops the object, and another one makes one of the same name. A folder has the last one only. What changes the first one (indexes, constraints, comments) is left out with it. " +
		"Rows that the script inserts into the first table in between come into the last one, if they are constants.",
	Next: "Take the first definition, its rows and the DROP out of the input.", Each: 0.1,
}

// ofTheFirst is a statement that uses an object which is dropped and made again behind it.
var ofTheFirst = &diag.Code{
	ID: "NM0762", Title: "Statement about an object that is dropped and made again behind it", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "In a folder the statement would run behind the last definition of the object, and mean that.",
	Next: "Run what it does in another way, or take it out of the input with the first definition.", Each: 0.2,
}

// remade leaves the last of the objects of one name that a script makes and drops.
func (p *pipeline) remade(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	places := remadePlaces(us)
	if len(places) == 0 {
		return
	}
	l, keys := newScriptLog(us), map[string]bool{}
	for o := range places {
		keys[o.key] = true
		l.calls = l.calls || o.kind == "routine"
	}
	l.mention(keys)
	for k, u := range us {
		o, ok := droppedOne(u)
		if !ok {
			continue
		}
		list := o.live(us, places[o])
		if away := l.renamedAway(o, list, k); away >= 0 {
			list = o.live(us, between(list, away+1, len(us))) // what was made before has another name
		}
		places[o] = list
		if len(list) == 0 || list[0] > k {
			continue
		}
		behind := between(list, k+1, len(us))
		j := slices.IndexFunc(behind, func(x int) bool { return o.madeBy(us[x]) || o.renamedTo(us[x]) })
		if j < 0 {
			continue
		}
		first, last := us[list[0]], us[behind[j]]
		if o.kind == "routine" && !otherKind(first, last) {
			continue // the target replaces it by itself
		}
		for _, x := range between(l.mentions[o.key], list[0]+1, k) {
			p.ofFirst(o, us[x])
		}
		code := madeAgain
		if o.kind == "index" || o.kind == "routine" {
			code = definedAnew
		}
		first.Report(code.New(first.Source, "%s is dropped at %s and made again at %s", objectWords(first.Stmts[0]), u.Source, last.Source))
		first.empty()
		u.empty()
	}
}

// otherKind tells that one of two routines is a procedure, and the other a function.
func otherKind(a, b *Unit) bool {
	x, ok := a.Stmts[0].(*ir.Routine)
	y, is := b.Stmts[0].(*ir.Routine)
	return ok && is && x.Kind != y.Kind
}

// live are the places from the first on where the object is made: units before it were taken out, or rename another one to its name.
func (o reused) live(us []*Unit, places []int) []int {
	for len(places) > 0 && !o.madeBy(us[places[0]]) {
		places = places[1:]
	}
	return places
}

// renamedAway is the last unit from the first place of the object on, and before another place, that gives it another name; -1 if there is none.
func (l *scriptLog) renamedAway(o reused, places []int, at int) int {
	if o.kind != "relation" || len(places) == 0 {
		return -1
	}
	list := between(l.mentions[o.key], places[0], at)
	for i := len(list) - 1; i >= 0; i-- {
		u := l.us[list[i]]
		if from, _, ok := renameOf(u); ok && relationKey(u, from) == o.key {
			return list[i]
		}
	}
	return -1
}

// remadePlaces are the units that make the objects which the script drops, or rename others to them, where there are several.
func remadePlaces(us []*Unit) map[reused][]int {
	places := map[reused][]int{}
	for _, u := range us {
		if o, ok := droppedOne(u); ok {
			places[o] = nil
		}
	}
	if len(places) == 0 {
		return nil
	}
	add := func(o reused, i int) {
		if list, ok := places[o]; ok {
			places[o] = append(list, i)
		}
	}
	for i, u := range us {
		if o, ok := madeOne(u); ok {
			add(o, i)
		} else if _, to, ok := renameOf(u); ok {
			add(reused{"relation", relationKey(u, to)}, i)
		}
	}
	maps.DeleteFunc(places, func(_ reused, list []int) bool { return len(list) < 2 })
	return places
}

// droppedOne is the object that a unit drops.
func droppedOne(u *Unit) (reused, bool) {
	if len(u.Stmts) != 1 {
		return reused{}, false
	}
	s, ok := u.Stmts[0].(*ir.Drop)
	if !ok || len(s.Names) != 1 || remadeKind(s.Kind) == "" {
		return reused{}, false
	}
	return reused{remadeKind(s.Kind), relationKey(u, s.Names[0])}, true
}

// reused is the name of an object that is made several times.
type reused struct {
	kind string // the name space
	key  string // by relationKey
}

// remadeKind is where an object of a kind has its name; "" for what is not looked for.
func remadeKind(kind string) string {
	switch kind {
	case "table", "view", "materialized view", "sequence", "synonym":
		return "relation"
	case "type", "index":
		return kind
	case "procedure", "function", "routine":
		return "routine"
	}
	return ""
}

// madeOne is the object that a unit makes.
func madeOne(u *Unit) (reused, bool) {
	if len(u.Stmts) != 1 {
		return reused{}, false
	}
	d := defines(u.Stmts[0])
	kind, name, ok := strings.Cut(d.key, "\x00")
	if !ok || d.ifMissing || remadeKind(kind) == "" {
		return reused{}, false
	}
	var q ir.QName
	for _, part := range strings.Split(name, ".") {
		q.Parts = append(q.Parts, ir.Ident{Text: part})
	}
	return reused{remadeKind(kind), relationKey(u, q)}, true
}

// madeBy tells a statement that makes the object.
func (o reused) madeBy(u *Unit) bool {
	made, ok := madeOne(u)
	return ok && made == o
}

func (o reused) renamedTo(u *Unit) bool {
	_, to, ok := renameOf(u)
	return ok && o.kind == "relation" && relationKey(u, to) == o.key
}

// ofFirst leaves out what goes with the first of the objects, and refuses what uses it.
func (p *pipeline) ofFirst(o reused, u *Unit) {
	if len(u.Stmts) != 1 || o.kind != "relation" && o.kind != "routine" {
		return
	}
	is := func(q ir.QName) bool { return len(q.Parts) > 0 && relationKey(u, q) == o.key }
	switch s := u.Stmts[0].(type) {
	case *ir.CreateIndex:
		if s.Table != nil && is(s.Table.Name) {
			u.empty()
		}
		return
	case *ir.AlterTable:
		if s.Table != nil && is(s.Table.Name) {
			u.empty()
			return
		}
	case *ir.CommentOn:
		if is(s.Name) {
			u.empty()
		}
		return
	case *ir.CreateTrigger:
		if s.Table != nil && is(s.Table.Name) {
			u.empty()
		}
		return
	case *ir.CreateView, *ir.Routine, *ir.Package, *ir.TypeBody, *ir.ObjectType, *ir.Synonym, *ir.Unsupported, *ir.Grant, *ir.Drop:
		return // they mean the object that is there when they are used
	}
	if ir.Find(u.Stmts[0], func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			return is(n.Name)
		case *ir.NextValue:
			return is(n.Sequence)
		case *ir.ForeignKeyDef:
			return is(n.RefTable)
		case *ir.CallProc:
			return is(n.Name)
		case *ir.Name: // sequence.NEXTVAL, or a routine
			return len(n.Parts) > 1 && is(ir.QName{Parts: n.Parts[:len(n.Parts)-1]}) || o.kind == "routine" && is(ir.QName{Parts: n.Parts})
		}
		return false
	}) {
		u.Report(ofTheFirst.New(u.Source, "%s", strings.ReplaceAll(strings.TrimPrefix(o.key, "\x00"), "\x00", ".")))
		p.refuse(u, ofTheFirst.ID, "statement about an object that is made again")
	}
}
