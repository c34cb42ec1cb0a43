package check

import (
	"context"
	"sync"
)

// ahead has the answers to the queries about whole schemas asked before they are needed.
type ahead struct {
	q    Querier
	asks map[string]func() ([][]string, error) // by query and schema; each waits for its answer
}

// Ahead is q with the queries about the source's schemas asked at once in the background: on a server with thousands of
// tables they take as long as the conversion of the schema, which runs meanwhile. The checks must be of these schemas. wait
// ends with the last answer; ctx cuts it short.
func Ahead(ctx context.Context, q Querier, schemas []string) (asked Querier, wait func()) {
	type answer struct {
		rows [][]string
		err  error
		done chan struct{}
	}
	a := &ahead{q: q, asks: map[string]func() ([][]string, error){}}
	type ask struct {
		query, schema string
		to            *answer
	}
	var asks []ask
	for _, query := range []string{queryTables, queryKeyed, queryForeign, queryColumns} {
		for _, schema := range schemas {
			to := &answer{done: make(chan struct{})}
			asks = append(asks, ask{query, schema, to})
			a.asks[askKey(query, schema)] = func() ([][]string, error) {
				<-to.done
				return to.rows, to.err
			}
		}
	}
	var g sync.WaitGroup
	g.Go(func() {
		for _, x := range asks {
			x.to.rows, x.to.err = q.Query(ctx, x.query, x.schema)
			close(x.to.done)
		}
	})
	return a, g.Wait
}

func askKey(query, schema string) string { return query + "\x00" + schema }

// Query runs one query, or takes the answer that was asked for ahead.
func (a *ahead) Query(ctx context.Context, q string, args ...any) ([][]string, error) {
	if len(args) == 1 {
		if schema, ok := args[0].(string); ok && a.asks[askKey(q, schema)] != nil {
			return a.asks[askKey(q, schema)]()
		}
	}
	return a.q.Query(ctx, q, args...)
}
