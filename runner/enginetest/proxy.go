package enginetest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy passes connections on to a server, until it is told to cut or to stall them.
type Proxy struct {
	URL string // the server's, by way of the proxy

	to      string
	mu      sync.Mutex
	conns   map[net.Conn]bool
	stalled chan struct{} // closed when traffic flows
	watch   watch
}

// watch cuts connections behind what a client sends.
type watch struct {
	text       []byte // nil: none
	every      int
	seen, cuts int
}

// NewProxy opens a proxy to the server that a URL names. It ends with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{to: u.Host, conns: map[net.Conn]bool{}, stalled: make(chan struct{})}
	close(p.stalled)
	u.Host = ln.Addr().String()
	p.URL = u.String()
	t.Cleanup(func() {
		ln.Close()
		p.Cut()
	})
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *Proxy) serve(c net.Conn) {
	s, err := net.Dial("tcp", p.to)
	if err != nil {
		c.Close()
		return
	}
	p.mu.Lock()
	p.conns[c], p.conns[s] = true, true
	p.mu.Unlock()
	done := make(chan struct{}, 2)
	pass := func(to io.Writer, from net.Conn) {
		io.Copy(to, from)
		done <- struct{}{}
	}
	var deaf atomic.Bool
	go pass(watched{p, throttle{p, s}, c, &deaf}, c)
	go pass(answers{throttle{p, c}, &deaf}, s)
	<-done
	c.Close()
	s.Close()
	p.mu.Lock()
	delete(p.conns, c)
	delete(p.conns, s)
	p.mu.Unlock()
}

// throttle holds bytes back while the proxy is stalled.
type throttle struct {
	p  *Proxy
	to net.Conn
}

// Write implements io.Writer.
func (t throttle) Write(b []byte) (int, error) {
	t.p.mu.Lock()
	flows := t.p.stalled
	t.p.mu.Unlock()
	<-flows
	return t.to.Write(b)
}

// watched looks at what a client sends.
type watched struct {
	p      *Proxy
	to     io.Writer
	client net.Conn
	deaf   *atomic.Bool // the client gets no more answers
}

// Write implements io.Writer.
func (w watched) Write(b []byte) (int, error) {
	if !w.p.due(b) {
		return w.to.Write(b)
	}
	w.deaf.Store(true)
	w.to.Write(b)
	time.Sleep(20 * time.Millisecond) // the server does it
	reset(w.client)
	return 0, net.ErrClosed
}

// answers passes on what the server sends, unless the client is to get no more.
type answers struct {
	to   io.Writer
	deaf *atomic.Bool
}

// Write implements io.Writer.
func (a answers) Write(b []byte) (int, error) {
	if a.deaf.Load() {
		return len(b), nil
	}
	return a.to.Write(b)
}

// due tells that a connection is to be cut behind what was sent.
func (p *Proxy) due(sent []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &p.watch
	if w.text == nil || !bytes.Contains(sent, w.text) {
		return false
	}
	w.seen++
	if w.seen%w.every != 0 {
		return false
	}
	w.cuts++
	return true
}

// CutBehind cuts the connection of a client every so many times that it has sent a text, after the server has had the time to
// do it: the client does not learn whether it did. An empty text ends that. It returns how often it was done before.
func (p *Proxy) CutBehind(text string, every int) (cuts int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	cuts = p.watch.cuts
	p.watch = watch{every: every}
	if text != "" {
		p.watch.text = []byte(text)
	}
	return cuts
}

// reset ends a connection without an orderly end.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// Cut ends every connection, in the middle of what they carry.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		reset(c)
	}
}

// Stall lets nothing through for a while, and keeps the connections.
func (p *Proxy) Stall(d time.Duration) {
	flows := make(chan struct{})
	p.mu.Lock()
	p.stalled = flows
	p.mu.Unlock()
	time.Sleep(d)
	close(flows)
}
