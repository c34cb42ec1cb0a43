package enginetest

import (
	"io"
	"net"
	"net/url"
	"sync"
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
	pass := func(to, from net.Conn) {
		io.Copy(throttle{p, to}, from)
		done <- struct{}{}
	}
	go pass(s, c)
	go pass(c, s)
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

// Cut ends every connection, in the middle of what they carry.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if t, ok := c.(*net.TCPConn); ok {
			t.SetLinger(0) // a reset, not an orderly end
		}
		c.Close()
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
