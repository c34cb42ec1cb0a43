package oracle

import (
	"strings"

	"godwit/ir"
)

// objectRights are the rights that are granted on objects.
var objectRights = makeWordSet("SELECT INSERT UPDATE DELETE EXECUTE REFERENCES ALTER INDEX READ ALL DEBUG FLASHBACK UNDER USE WRITE KEEP ON QUERY MERGE INHERIT TRANSLATE")

// grantStmt reads GRANT and REVOKE of rights on objects and of roles. Rights of the system belong to the operation of a server.
func (p *parser) grantStmt() ir.Stmt {
	i := p.Pos
	revoke := p.At(p.Next()).Kind == kRevoke
	verb := p.upper(i)
	n := &ir.Grant{Kind: "grant", Revoke: revoke, Plain: true}
	var names []ir.QName
	for more := true; more; more = p.Accept(kComma) {
		from := p.Pos
		for p.isWord() && p.Kind() != kOn && p.Kind() != kTo && p.Kind() != kFrom {
			p.Next()
			for p.Kind() == kDot || p.Kind() == kAt {
				p.Next()
				p.Next()
			}
		}
		if p.Pos == from {
			p.Fail("a right")
		}
		q := ir.Privilege{Name: strings.TrimSuffix(p.wordsFrom(from, p.Pos), " PRIVILEGES")}
		id := p.identAt(from)
		names = append(names, ir.QName{Parts: []ir.Ident{id}})
		if p.Kind() == kLP {
			for _, c := range p.parenIdents() {
				q.Columns = append(q.Columns, c.Text)
			}
		}
		n.Privileges = append(n.Privileges, q)
	}
	if p.Accept(kOn) {
		return p.grantOn(i, n, verb)
	}
	for k, q := range n.Privileges {
		if strings.Contains(q.Name, " ") && !strings.HasPrefix(q.Name, `"`) || predefinedRole(q.Name) {
			return p.systemGrant(i, n, verb)
		}
		n.Roles = append(n.Roles, ir.Account{Name: role(names[k].Name())})
	}
	n.Kind, n.Privileges = "grant role", nil
	if !p.grantees(n) {
		return p.refuseRest(i, codeAdmin, verb+" of a role to a program")
	}
	n.Span = p.SpanFrom(i)
	return n
}

// systemGrant reads on behind rights of the system, which have no counterpart: they are listed.
func (p *parser) systemGrant(i int, n *ir.Grant, verb string) ir.Stmt {
	var names []string
	for _, q := range n.Privileges {
		names = append(names, q.Name)
	}
	out := &ir.Grant{Kind: "other", Plain: true, What: verb + " " + strings.Join(names, ", ")}
	if !p.grantees(out) {
		return p.refuseRest(i, codeAdmin, verb+" "+names[0]+" to a program")
	}
	out.Span = p.SpanFrom(i)
	return out
}

// account reads CREATE or DROP of a user or role; nil if the statement is another one. Passwords, tablespaces and quotas are left out.
func (p *parser) account(i int, verb string) ir.Stmt {
	kind := strings.ToLower(p.upper(p.Pos))
	if kind != "role" && kind != "user" || !p.isWord() {
		return nil
	}
	p.Next()
	p.acceptWords("IF", "NOT", "EXISTS") // PostgreSQL has no such form: a role that is there is an error of grants.sql
	n := &ir.Grant{Kind: verb + " " + kind, Plain: true, Exists: p.acceptWords("IF", "EXISTS")}
	n.Accounts = []ir.Account{{Name: role(p.anyIdent().Text)}}
	n.Span = p.SpanFrom(i)
	for p.Kind() != kSemi && p.Kind() != kEOF {
		if p.acceptWords("ACCOUNT", "LOCK") {
			n.Locked = true
			continue
		}
		p.Next()
	}
	return n
}

// role is the name of a user or role in lower case, unless it was quoted and has lower-case letters.
func role(name string) string {
	if name == strings.ToUpper(name) {
		return strings.ToLower(name)
	}
	return name
}

// predefinedRole tells a role, or a right of one word, that comes with the server.
func predefinedRole(name string) bool {
	switch name {
	case "CONNECT", "RESOURCE", "DBA", "SYSDBA", "SYSOPER", "SYSBACKUP", "SYSDG", "SYSKM", "SYSRAC", "AQ_ADMINISTRATOR_ROLE", "AQ_USER_ROLE", "SELECT_CATALOG_ROLE",
		"EXECUTE_CATALOG_ROLE", "DELETE_CATALOG_ROLE", "EXP_FULL_DATABASE", "IMP_FULL_DATABASE", "DATAPUMP_EXP_FULL_DATABASE", "DATAPUMP_IMP_FULL_DATABASE",
		"SCHEDULER_ADMIN", "CTXAPP", "XDBADMIN", "PLUSTRACE", "GATHER_SYSTEM_STATISTICS", "RECOVERY_CATALOG_OWNER":
		return true
	}
	return false
}

// grantOn reads on behind ON.
func (p *parser) grantOn(i int, n *ir.Grant, verb string) ir.Stmt {
	for _, w := range []string{"DIRECTORY", "USER", "EDITION", "JAVA SOURCE", "JAVA RESOURCE", "JAVA CLASS", "MINING MODEL", "SQL TRANSLATION PROFILE"} {
		if p.isWords(strings.Fields(w)...) && p.Ahead(1) != kDot && p.Ahead(1) != kTo && p.Ahead(1) != kFrom {
			return p.refuseRest(i, codeAdmin, verb+" ON "+w)
		}
	}
	q := p.qname()
	n.Schema, n.Object = q.Schema(), q.Name()
	for _, x := range n.Privileges {
		first, _, _ := strings.Cut(x.Name, " ")
		if !objectRights[first] {
			p.soup()
			p.giveUp(i, codeConstruct, "the right "+x.Name)
		}
	}
	if !p.grantees(n) {
		return p.refuseRest(i, codeAdmin, verb+" to a program")
	}
	n.Span = p.SpanFrom(i)
	return n
}

// grantees reads TO or FROM with the users and roles, and the options behind them; false if no user or role is meant.
func (p *parser) grantees(n *ir.Grant) bool {
	if n.Revoke {
		p.Expect(kFrom)
	} else {
		p.Expect(kTo)
	}
	for more := true; more; more = p.Accept(kComma) {
		if p.acceptAny("PROCEDURE", "FUNCTION", "PACKAGE") != "" {
			return false
		}
		n.Accounts = append(n.Accounts, ir.Account{Name: role(p.anyIdent().Text)})
		if p.acceptWords("IDENTIFIED", "BY") {
			return false
		}
	}
	for {
		switch {
		case p.acceptWords("WITH", "GRANT", "OPTION"), p.acceptWords("WITH", "ADMIN", "OPTION"):
			n.Option = true
		case p.acceptWords("WITH", "HIERARCHY", "OPTION"), p.acceptWords("CASCADE", "CONSTRAINTS"), p.acceptWord("FORCE"):
		case p.is("CONTAINER") && p.Ahead(1) == kEq:
			p.Pos += 3
		default:
			return true
		}
	}
}
