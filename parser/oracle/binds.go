package oracle

import (
	"sort"
	"strings"

	"godwit/ir"
)

// bindPackage is the package whose variables stand for the bind variables that VARIABLE declares: they live as long as the session.
const bindPackage = "sqlplus"

// variable carries out VARIABLE name type: the declaration of the package of all bind variables so far. ok is false where it declares none.
func (s *session) variable(j job) (job, bool) {
	name, typ, _ := strings.Cut(argument(j.file.Text[j.first:j.end]), " ")
	name, typ = strings.ToUpper(name), strings.ToUpper(strings.TrimSpace(typ))
	if name == "" || typ == "" {
		return j, false // it shows what there is
	}
	typ, _, _ = strings.Cut(typ, "=")
	binds := map[string]string{name: strings.TrimSpace(typ)}
	for k, v := range s.binds {
		if k != name {
			binds[k] = v
		}
	}
	s.binds = binds
	if strings.HasPrefix(typ, "REFCURSOR") {
		return j, false
	}
	var names []string
	for k, t := range binds {
		if t != "REFCURSOR" {
			names = append(names, k)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("CREATE OR REPLACE PACKAGE " + bindPackage + " AS")
	for _, k := range names {
		b.WriteString(" " + k + " " + binds[k] + ";")
	}
	b.WriteString(" END;")
	j.command = ""
	j.retext(b.String())
	return j, true
}

// print carries out PRINT: a query of the variables.
func (s *session) print(j job) (job, bool) {
	names := strings.Fields(strings.ReplaceAll(argument(j.file.Text[j.first:j.end]), ",", " "))
	if len(names) == 0 {
		return j, true
	}
	for i, n := range names {
		n = strings.ToUpper(strings.TrimPrefix(n, ":"))
		if t := s.binds[n]; t == "" || t == "REFCURSOR" {
			return j, true
		}
		names[i] = bindPackage + "." + n + " AS " + n
	}
	j.command = ""
	j.retext("SELECT " + strings.Join(names, ", ") + " FROM dual")
	return j, true
}

// bound puts the variables of the package in place of declared bind variables. cursor tells that one of them is a REFCURSOR.
func (s *session) bound(text string) (out string, cursor bool) {
	if len(s.binds) == 0 || !strings.Contains(text, ":") {
		return text, false
	}
	var b strings.Builder
	done, quoted := 0, quotes{s: text}
	for i := 0; i+1 < len(text); i++ {
		if text[i] != ':' || !isIdentPart(text[i+1]) || i > 0 && (isIdentPart(text[i-1]) || text[i-1] == ':') {
			continue
		}
		end := i + 1
		for end < len(text) && isIdentPart(text[end]) {
			end++
		}
		t := s.binds[strings.ToUpper(text[i+1:end])]
		if t == "" || quoted.holds(i) {
			continue
		}
		if t == "REFCURSOR" {
			cursor = true
			continue
		}
		b.WriteString(text[done:i])
		b.WriteString(bindPackage + "." + text[i+1:end])
		done = end
	}
	b.WriteString(text[done:])
	return b.String(), cursor
}

// binds tells that a statement names a variable of the package, which it may assign.
func binds(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		name, ok := x.(*ir.Name)
		return ok && len(name.Parts) == 2 && strings.EqualFold(name.Parts[0].Text, bindPackage)
	})
}
