package godwit

import (
	"strings"

	"godwit/ir"
)

// tableRanks puts tables that are made like another one, or of its rows, behind that: 0 for tables that need no other.
func tableRanks(c *Conversion) map[string]int {
	needs := map[string][]string{}
	key := func(schema, name string) string {
		if schema == "" {
			schema = "public"
		}
		return strings.ToLower(schema + "." + name)
	}
	for _, u := range c.Units {
		for i, s := range u.Stmts {
			t, ok := s.(*ir.CreateTable)
			if !ok || i >= len(u.Outputs) || t.Like == nil && t.As == nil {
				continue
			}
			own := key(u.Outputs[i].Schema, u.Outputs[i].Name)
			if t.Like != nil {
				schema := t.Like.Schema()
				if schema == "" {
					schema = u.Outputs[i].Schema
				}
				needs[own] = append(needs[own], key(schema, t.Like.Name()))
			}
			if t.As != nil {
				ir.Walk(t.As, func(n ir.Node) bool {
					if r, ok := n.(*ir.TableRef); ok && r.Table != nil {
						needs[own] = append(needs[own], key(r.Table.TargetSchema, r.Table.Target))
					}
					return true
				})
			}
		}
	}
	ranks, busy := map[string]int{}, map[string]bool{}
	var rank func(k string) int
	rank = func(k string) int {
		if r, done := ranks[k]; done || busy[k] || len(needs[k]) == 0 {
			return r
		}
		busy[k] = true
		r := 0
		for _, n := range needs[k] {
			r = max(r, rank(n)+1)
		}
		ranks[k] = r
		return r
	}
	for k := range needs {
		rank(k)
	}
	return ranks
}
