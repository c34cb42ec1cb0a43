package godwit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// libraries are routines and views over system tables: those of testdata/library, and the scripts that GODWIT_TEST_LIBRARY names,
// separated by commas (libraries of others, which this repository does not hold).
func libraries(t *testing.T) []sample {
	t.Helper()
	paths, err := filepath.Glob("testdata/library/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no libraries: %v", err)
	}
	if more := os.Getenv("GODWIT_TEST_LIBRARY"); more != "" {
		paths = append(paths, strings.Split(more, ",")...)
	}
	var out []sample
	for _, p := range paths {
		out = append(out, sample{name: strings.TrimSuffix(filepath.Base(p), ".sql"), files: []string{p}})
	}
	return out
}

// TestLibraries converts libraries of routines whole: what is not converted is refused by name, and the server accepts the rest
// without it, checked by plpgsql_check where there is one. The counts of what the repository holds stand in testdata/library.golden.md.
func TestLibraries(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Libraries of routines\n\nWritten by `go test -run TestLibraries -update .`: what becomes of libraries of routines and views on PostgreSQL 15.\n")
	for _, s := range libraries(t) {
		t.Run(s.name, func(t *testing.T) {
			for _, version := range []int{15, 18} {
				c := s.convert(t, version)
				sameTwice(t, c, s.convert(t, version))
				named(t, c)
				switch {
				case version != 15:
				case strings.HasPrefix(s.files[0], "testdata/"):
					sampleCounts(&b, s, c)
				default:
					var own strings.Builder
					sampleCounts(&own, s, c)
					t.Log(own.String())
				}
				s.load(t, c, version)
			}
		})
	}
	if !t.Failed() && os.Getenv("GODWIT_TEST_LIBRARY") == "" {
		checkGolden(t, "testdata/library.golden.md", b.String())
	}
}

// named holds that whatever is refused has a finding with its place and the next step.
func named(t *testing.T, c *Conversion) {
	t.Helper()
	for _, o := range c.Objects() {
		why := false
		for _, f := range o.Findings {
			why = why || f.Fidelity.String() == "refused" && f.Span.IsValid() && f.Message != "" && f.Code != ""
		}
		if o.Status.String() == "refused" && !why {
			t.Errorf("%s %s.%s is refused without a finding", o.Kind, o.Schema, o.Name)
		}
	}
}
