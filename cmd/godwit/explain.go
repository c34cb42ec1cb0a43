package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"godwit"
)

func (a *app) explainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Document a finding or a rule; without a code, list them all",
		Long: `explain prints what a code of a finding or a rule means, why it is so, what to do next, and an example of source and
target. Without a code it lists all of them.`,
		Example: "  godwit explain EX0303",
		Args:    atMostOneArgument,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listCodes(asJSON)
			}
			return a.explain(strings.ToUpper(args[0]), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) listCodes(asJSON bool) error {
	docs := godwit.Docs()
	if asJSON {
		return json.NewEncoder(a.out).Encode(docs)
	}
	for _, d := range docs {
		fmt.Fprintf(a.out, "%s  %-8s %-11s %s\n", d.ID, d.Severity, d.Outcome, d.Title)
	}
	return nil
}

func (a *app) explain(id string, asJSON bool) error {
	docs := godwit.Docs()
	i := sort.Search(len(docs), func(i int) bool { return docs[i].ID >= id })
	if i == len(docs) || docs[i].ID != id {
		return usage("unknown code %s; `godwit explain` lists them", id)
	}
	d := docs[i]
	if asJSON {
		return json.NewEncoder(a.out).Encode(d)
	}
	fmt.Fprintf(a.out, "%s: %s\n\n%s\n", d.ID, d.Title, d.Doc)
	if d.Severity != "" {
		fmt.Fprintf(a.out, "\nSeverity: %s. Outcome: %s.\n", d.Severity, d.Outcome)
	}
	if d.Next != "" {
		fmt.Fprintf(a.out, "Next step: %s\n", d.Next)
	}
	for _, e := range d.Examples {
		fmt.Fprintf(a.out, "\nExample\n  source:\n%s\n  target:\n%s\n", indent(e.Source), indent(e.Target))
	}
	return nil
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n    ")
}
