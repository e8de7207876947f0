// What a pattern says about a value that it cannot take apart.
try { let {a: {b}} = {}; } catch (e) { console.log(e.message); }
try { const o = {}; let {a: {b}} = o; } catch (e) { console.log(e.message); }
try { const o = {x: null}; let {x: {b}} = o; } catch (e) { console.log(e.message); }
try { const f = ({a: {b}}) => b; f({}); } catch (e) { console.log(e.message); }
try { const f = ({b}) => b; f(); } catch (e) { console.log(e.message); }
try { const o = {}; const {b} = o.foo; } catch (e) { console.log(e.message); }
try { const o = {}; let b; ({b} = o.foo); } catch (e) { console.log(e.message); }
try { const o = {}; let b; ({a: {b}} = o); } catch (e) { console.log(e.message); }
try { const [{b}] = [null]; } catch (e) { console.log(e.message); }
try { for (const {b} of [undefined]) ; } catch (e) { console.log(e.message); }
try { const {} = null; } catch (e) { console.log(e.message); }
try { const {[1+1]: x} = null; } catch (e) { console.log(e.message); }
try { const {...r} = null; } catch (e) { console.log(e.message); }
try { const [a] = {}; } catch (e) { console.log(e.message); }
try { (({a}, [b]) => 0)({}, 4); } catch (e) { console.log(e.message); }
