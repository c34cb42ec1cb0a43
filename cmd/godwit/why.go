package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"godwit"
)

func (a *app) whyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why FILE:LINE",
		Short: "Tell which source line and rules made a line of a converted file",
		Long: `why reads the maps that convert writes (maps.jsonl), and prints the line, the source line that it comes from, and
the rules that changed something on the way. godwit explain documents each rule.`,
		Example: "  godwit why out/shop/trigger/orders.stamp.sql:7",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.why(args[0], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) why(arg string, asJSON bool) error {
	i := strings.LastIndexByte(arg, ':')
	if i < 0 {
		return usage("why %s: want FILE:LINE", arg)
	}
	file := arg[:i]
	line, err := strconv.Atoi(arg[i+1:])
	if err != nil || line < 1 {
		return usage("why %s: want FILE:LINE with a line number", arg)
	}
	m, err := readMap(file)
	if err != nil {
		return err
	}
	if n := lines(file); line > n {
		return fmt.Errorf("why %s: the file has %d lines", arg, n)
	}
	var found *godwit.LineFrom
	for j := range m.Lines {
		if m.Lines[j].Line <= line {
			found = &m.Lines[j]
		}
	}
	if found == nil {
		return fmt.Errorf("why %s: the line comes from no source line (it was written by the tool)", arg)
	}
	if asJSON {
		return json.NewEncoder(a.out).Encode(found)
	}
	a.printWhy(file, line, found)
	return nil
}

func readMap(file string) (*godwit.FileMap, error) {
	m, err := godwit.ReadMap(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no map of %s; only files written by `godwit convert` have one", file)
	}
	return m, err
}

// lines counts the lines of a file.
func lines(path string) int {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return strings.Count(strings.TrimSuffix(string(b), "\n"), "\n") + 1
}

func lineOf(path string, n int) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(b), "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

func (a *app) printWhy(file string, line int, f *godwit.LineFrom) {
	fmt.Fprintf(a.out, "%s:%d  %s\n", file, line, lineOf(file, line))
	if f.Source != "" {
		fmt.Fprintf(a.out, "from %s:%d  %s\n", f.Source, f.SourceLine, lineOf(f.Source, f.SourceLine))
	}
	docs := map[string]godwit.CodeDoc{}
	for _, d := range godwit.Docs() {
		docs[d.ID] = d
	}
	for _, r := range f.Rules {
		fmt.Fprintf(a.out, "rule %s  %s\n", r, docs[r].Title)
	}
}
