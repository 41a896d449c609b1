// What the page is made of besides its data: style, body and script.
//
// Kept as Swift strings rather than as resources, so that the program is one file that can be
// copied anywhere.

extension Film {
  static let pageStyle = #"""
    *{box-sizing:border-box}
    html{background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",
    "Helvetica Neue","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
    body{margin:0 auto;padding:clamp(12px,2.2vw,36px);max-width:1680px}
    .row{display:flex;flex-wrap:wrap;gap:2px 24px;align-items:baseline;justify-content:space-between}
    h1,#when{font-size:clamp(18px,2vw,27px);line-height:1.25;margin:0;font-weight:650}
    #what,.legend{color:var(--soft);margin:0;font-size:14px}
    .legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;padding:0}
    .legend svg{height:14px;vertical-align:-2px;margin-right:6px;overflow:visible}
    #stage{display:block;width:100%;height:min(max(300px,57vh),105vw,760px);margin:4px 0 10px;
    touch-action:pan-y;overflow:visible}
    .tree,.fold,.open,.start,.curve,.axis{fill:none}
    .tree,.start{stroke:var(--ink)}.fold{stroke:var(--fold)}.tip{fill:var(--fold)}
    .open{stroke:var(--open);stroke-dasharray:2.5 2.5}.end{fill:var(--paper);stroke:var(--open)}
    .start{stroke-width:1.6}
    .label{fill:var(--soft);stroke:var(--paper);stroke-width:4px;paint-order:stroke;
    text-anchor:middle;font-size:11px;pointer-events:none}
    .state{stroke:var(--paper);cursor:pointer;vector-effect:non-scaling-stroke}
    .frame{position:relative}.open-branch #stage{overflow:hidden}
    #whole{position:absolute;right:0;top:4px;display:none}.open-branch #whole{display:block}
    .dim .edges path{opacity:.13}.dim .state{opacity:.28}.dim .label{opacity:.2}
    .dim .fold{opacity:1}.dim .edges path.lit{opacity:1;stroke:var(--accent)}
    .dim .state.lit{opacity:1;stroke:var(--accent);stroke-width:2.2}
    .player{display:grid;grid-template-columns:auto 1fr auto;gap:0 16px;align-items:center;
    margin:0 0 14px}
    .time{min-width:0}
    #ribbon{display:block;width:100%;height:30px;overflow:visible}
    .area{fill:var(--line)}.tick{stroke:var(--soft)}
    #ticks{display:block;width:100%;height:16px;overflow:visible}
    #ticks text{fill:var(--soft);font-size:11px}
    input[type=range]{-webkit-appearance:none;appearance:none;width:100%;height:20px;margin:-10px 0 -4px;
    background:none;display:block;position:relative;cursor:pointer}
    input[type=range]::-webkit-slider-runnable-track{height:2px;background:var(--soft);border-radius:1px}
    input[type=range]::-moz-range-track{height:2px;background:var(--soft);border-radius:1px}
    input[type=range]::-webkit-slider-thumb{-webkit-appearance:none;width:16px;height:16px;margin-top:-7px;
    border-radius:50%;background:var(--accent);border:2px solid var(--paper)}
    input[type=range]::-moz-range-thumb{width:12px;height:12px;border-radius:50%;background:var(--accent);
    border:2px solid var(--paper)}
    button,select,input[type=text]{font:inherit;font-size:15px;color:inherit;background:var(--paper);
    border:1px solid var(--line);border-radius:8px;padding:6px 12px;min-height:40px}
    button{cursor:pointer;min-width:84px}
    button:hover,select:hover{border-color:var(--soft)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    .panels{display:grid;grid-template-columns:repeat(4,1fr);gap:18px 40px}
    #diagram svg{display:block;width:100%;max-height:170px}
    #diagram .start,#diagram .arrow,#diagram .ring{fill:none}.arrow{stroke:var(--fold);stroke-width:1.5}
    .ring{stroke-width:2}.disc{fill:var(--paper)}.soft{fill:var(--soft)}.ink,#diagram text{fill:var(--ink)}
    #diagram .circle{cursor:pointer}.circle.lit .disc{fill:var(--accent);fill-opacity:.25}
    .panels>section{min-width:0;position:relative}
    h2{font-size:14px;line-height:28px;margin:0 0 4px;font-weight:650}
    h2 span{font-weight:400;color:var(--soft)}
    .chart{display:block;width:100%;height:170px;overflow:visible}
    .small{position:absolute;right:0;top:0;min-width:0;min-height:28px;padding:0 9px;font-size:13px}
    .dots{fill:none;stroke-width:4;stroke-linecap:round;stroke-opacity:.75}
    .dots.q{stroke-linecap:square;stroke-width:3.4}.dim .dots{stroke-opacity:.35}
    .dim .dots.lit{stroke-opacity:1;stroke-width:6.5}
    .merge{stroke:var(--ink)}.split{stroke:var(--soft)}.bars{stroke-width:1;fill:none}
    .axis{stroke:var(--line)}.chart text{fill:var(--soft);font-size:11px}
    .curve{stroke-width:1.7;stroke-linejoin:round}.train{stroke:var(--o0)}
    .valid{stroke:var(--o1);stroke-dasharray:5 3}.count{stroke:var(--ink)}
    .mark{stroke:var(--ink);stroke-width:1.2}.future{opacity:.28}
    .swatch{display:inline-block;width:18px;border-top:2px solid;vertical-align:4px;margin:0 5px 0 12px}
    .trace{display:grid;grid-template-columns:auto minmax(120px,220px) 1fr;gap:6px 14px;align-items:center;
    margin:0 0 18px;border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:10px 0}
    .trace label{font-size:14px;font-weight:650}
    #word{width:100%}::placeholder{color:var(--soft);opacity:1}
    #note{font-size:14px;margin:0;min-height:2.9em;overflow-wrap:anywhere;align-content:center}
    #note b{font-weight:650}#note button{min-height:28px;padding:0 9px;font-size:13px;margin-left:6px}
    #steps{grid-column:1/4;overflow-x:auto;font-size:14px}
    #steps table{border-collapse:collapse}
    #steps th{font-weight:400;color:var(--soft);text-align:left;padding:0 14px 0 0;position:sticky;left:0;
    background:var(--paper);white-space:nowrap}
    #steps td{text-align:center;min-width:26px;padding:1px 4px}#steps td.ahead{opacity:.15}
    #steps td.differs{outline:2px solid var(--open);outline-offset:-1px;border-radius:5px}
    #steps svg{width:13px;height:13px;overflow:visible;vertical-align:-1px}
    kbd{font:inherit;border:1px solid var(--line);border-radius:4px;padding:0 5px}
    .help{color:var(--soft);font-size:13px;margin:16px 0 0}
    .settings{display:flex;gap:8px;min-width:0}.settings select{min-width:0}
    @media (max-width:1180px){.panels{grid-template-columns:1fr 1fr}}
    @media (max-width:860px){.trace{grid-template-columns:auto 1fr}#note,#steps{grid-column:1/3}.panels{grid-template-columns:1fr}.player{grid-template-columns:auto 1fr}
    .time{grid-column:1/3;grid-row:1;margin-bottom:6px}.settings{justify-self:end;max-width:100%}.player{grid-template-columns:auto minmax(0,1fr)}}
    @media (max-width:480px){button,select{padding:6px 8px}#play{min-width:64px}.dim .state.lit{stroke-width:1.5}}
    """#

  static let pageBody = #"""
    <body><header><div class="row"><h1 id="title"></h1><p id="when"></p></div>
    <div class="row"><ul class="legend" id="legend"></ul><p id="what"></p></div></header>
    <main><div class="frame"><svg id="stage" role="application" tabindex="0"><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4"
    markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="tip"
    d="M0 .8 8 4 0 7.2z"/></marker><marker id="ring" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7"
    markerHeight="7" markerUnits="userSpaceOnUse"><circle class="end" cx="4" cy="4" r="3"/></marker></defs>
    <g class="edges"><g class="fold"></g><g class="open"></g><g class="tree"></g></g>
    <path class="start"/><g class="labels"></g><g class="states"></g></svg>
    <button id="whole" type="button">Whole automaton</button></div>
    <div class="player"><button id="play" type="button">Play</button><div class="time">
    <svg id="ribbon" aria-hidden="true"></svg><input id="scrub" type="range" min="0" step="any" value="0"
    aria-label="time in the film"><svg id="ticks" aria-hidden="true"></svg></div>
    <div class="settings"><select id="colour" aria-label="colour of states"><option value="output">colour:
    output</option><option value="minimal">colour: minimal class</option></select>
    <select id="speed" aria-label="speed"><option value="0.25">¼ ×</option><option value="0.5">½ ×</option>
    <option value="1" selected>1 ×</option><option value="2">2 ×</option></select></div></div>
    <div class="trace"><label for="word">Trace a word</label><input type="text" id="word" autocomplete="off"
    autocapitalize="off" spellcheck="false"><p id="note" aria-live="polite"></p><div id="steps" tabindex="0"
    role="region" aria-label="the word's way, symbol by symbol" hidden></div></div>
    <div class="panels"><section><h2 id="losstitle">Loss</h2><button class="small" id="lossaxis" type="button">
    </button><svg class="chart" id="loss" role="img"></svg></section><section><h2>States <span
    id="changesnote"></span></h2><svg class="chart" id="count" role="img"></svg></section><section id="hidden"><h2>Hidden
    states <span id="planenote"></span></h2><svg class="chart" id="plane" role="img"></svg></section><section
    id="least"><h2>Minimal machine <span id="leastnote"></span></h2><div id="diagram"></div></section></div>
    <p class="help"><kbd>space</kbd> play or pause · <kbd>←</kbd> <kbd>→</kbd> key frames · <kbd>Home</kbd>
    <kbd>End</kbd> · symbols walk through the automaton, <kbd>⌫</kbd> steps back · <kbd>Tab</kbd> into the
    automaton, arrows from state to state, <kbd>Enter</kbd> or a double click opens a branch · <kbd>Esc</kbd>
    clears.</p>
    </main>
    """#

  static let pageScript = #"""
    "use strict";{
    const film=JSON.parse(document.getElementById("data").textContent);
    const $=id=>document.getElementById(id);
    const make=(name,attributes={},parent)=>{const e=document.createElementNS("http://www.w3.org/2000/svg",name);
      for(const a in attributes)e.setAttribute(a,attributes[a]);if(parent)parent.append(e);return e};
    const k=film.symbols.length,keys=film.keys,last=keys.length-1;
    const calm=matchMedia("(prefers-reduced-motion:reduce)").matches;
    const shapes=["M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z","M-.89-.89H.89V.89H-.89z","M0-1.25 1.25 0 0 1.25-1.25 0z",
      "M0-1.5 1.3.75H-1.3z","M0 1.5 1.3-.75H-1.3z","M-1.1 0-.55-.95H.55L1.1 0 .55.95H-.55z"];
    const compact=film.symbols.every(s=>[...s].length===1);
    const labelLimit=44,arrowLimit=90;
    // Words are numbered in shortlex order: the children of word i are k·i + 1 … k·i + k.
    function word(node){const symbols=[];while(node>0){symbols.push(film.symbols[(node-1)%k]);
      node=Math.floor((node-1)/k)}return symbols.length?symbols.reverse().join(compact?"":" "):"ε"}

    // ---- The stage: what stands where at any time ----------------------------------------------
    const stage=$("stage"),layer={};
    for(const n of ["fold","open","tree","states","labels"])layer[n]=stage.querySelector("."+n);
    const startArrow=stage.querySelector(".start");
    let W=1,H=1;
    const left=44,right=14;
    const X=(key,s)=>left+(key.x[s]-key.view[0])*key.view[1]*(W-left-right);
    const Y=(key,s)=>16+(key.y[s]-key.view[2])*key.view[3]*(H-32);
    const scale=()=>Math.max(.72,Math.min(1.3,W/1150));
    const R=(key,s)=>key.r[s]*scale()*key.view[4];
    const column=key=>key.column*key.view[1]*(W-left-right);
    const count=key=>key.x.length;
    const hasLabels=key=>count(key)<=labelLimit*Math.min(1,W/760)?1:0;
    const kind=(key,s,a)=>{const t=key.next[s*k+a];return t<0?"open":key.parent[t]===s?"tree":"fold"};
    // The same four points for every kind of edge, so that one can become another.
    function curve(key,s,a){const x=X(key,s),y=Y(key,s),t=key.next[s*k+a],c=column(key);
      if(t<0){const ex=x+.4*c,ey=y+(a-(k-1)/2)*Math.min(9,2.2*R(key,s)),m=(x+ex)/2;return [x,y,m,y,m,ey,ex,ey]}
      const X2=X(key,t),Y2=Y(key,t),r=count(key)<=arrowLimit?R(key,t)+1:0;
      if(s===t){const q=R(key,t)+15*scale();return [x,y,x+q,y-1.5*q,x-q,y-1.5*q,x-.35*r,y-.94*r]}
      const dx=X2-x,dy=Y2-y;
      if(dx>.3*c){const m=(x+X2)/2;return [x,y,m,y,m,Y2,X2-(key.parent[t]===s?0:r),Y2]}
      const swing=.3*c+.1*Math.abs(dy),lift=.35*-dx*Math.max(0,1-Math.abs(dy)/60);
      const part=(a-(k-1)/2)*Math.min(24/k,3*R(key,s));
      return [x,y,x+swing,y-lift+part,X2+swing,Y2-lift,X2+r,Y2]}
    // The centre of a symbol on its edge.
    function labelPlace(key,s,a,p){let rest=(kind(key,s,a)==="tree"?.36*column(key):R(key,s)+15)+10*(a%3);
      let x=p[0],y=p[1];
      for(let i=1;i<=24;i++){const t=i/40,q=1-t,A=q*q*q,B=3*q*q*t,C=3*q*t*t,D=t*t*t;
        const nx=A*p[0]+B*p[2]+C*p[4]+D*p[6],ny=A*p[1]+B*p[3]+C*p[5]+D*p[7];
        rest-=Math.hypot(nx-x,ny-y);x=nx;y=ny;if(rest<=0)break}
      return [x,y]}
    const thick=(key,kd)=>Math.min(1.8,Math.max(.35,16/Math.sqrt(count(key)))*Math.sqrt(key.view[4]))*(kd==="tree"?1:.75);
    const foldOpacity=key=>Math.min(.8,Math.max(.2,4/Math.sqrt(count(key))));

    // Who takes part in the step from key i to key i + 1: [state before, state after, is it born,
    // does it end, its track]; a state is null where there is none.
    const casts=keys.map(()=>[]),trackOf=keys.map(()=>[]);
    film.tracks.forEach(([first,states,origin,destination],track)=>{const end=first+states.length-1;
      states.forEach((s,i)=>trackOf[first+i][s]=track);
      if(first>0)casts[first-1].push([origin,states[0],true,false,track]);
      for(let i=first;i<end;i++)casts[i].push([states[i-first],states[i+1-first],false,false,track]);
      const s=states[states.length-1];
      casts[end].push(end<last?[s,destination,false,true,track]:[s,s,false,false,track])});
    // Those who come or go lie beneath those who stay.
    for(const cast of casts)cast.sort((a,b)=>(b[2]||b[3])-(a[2]||a[3]));
    // The state that a track is at a key frame, or that it has become part of; -1 before it began.
    function stateOf(track,key){for(;;){const [first,states,,destination]=film.tracks[track];
      if(key<first)return -1;if(key<first+states.length)return states[key-first];
      if(destination===null)return -1;track=trackOf[first+states.length][destination]}}

    // ---- A branch, opened to fill the stage: the states whose access words begin with one word --------
    const whole=[0,1,0,1,1];let branch=[],version=0,opened=0;
    // The way from the start to a state, as symbols.
    function access(key,s){const way=[];for(;key.parent[s]>=0;s=key.parent[s]){const p=key.parent[s];
      for(let a=0;a<k;a++)if(key.next[p*k+a]===s){way.push(a);break}}return way.reverse()}
    // The state that the branch grows from; where there is none such, one before it.
    function stem(key){let s=0;for(const a of branch){const t=key.next[s*k+a];
      if(t<0||key.parent[t]!==s)break;s=t}return s}
    function inBranch(key,root){const inside=new Map([[root,true]]);
      const check=s=>{if(!inside.has(s))inside.set(s,key.parent[s]>=0&&check(key.parent[s]));return inside.get(s)};
      return key.x.map((_,s)=>s).filter(check)}
    function viewOf(key){const root=stem(key);if(root===0)return whole;
      const states=inBranch(key,root),least=f=>states.reduce((m,s)=>Math.min(m,f[s]),2),most=f=>states.reduce((m,s)=>Math.max(m,f[s]),-1);
      const x0=key.x[root],y0=least(key.y),y1=most(key.y),high=Math.max(y1-y0,.04),sx=1/Math.max(most(key.x)-x0+.6*key.column,.3);
      return [x0,sx,(y0+y1)/2-high/2,1/high,Math.max(1,Math.min(2.5,Math.sqrt(1/high)))]}
    // The view glides from what it was to what it is to be.
    function look(key){if(key.version!==version){key.before=key.view||whole;key.after=viewOf(key);key.version=version}
      const f=calm?1:Math.min(1,(performance.now()-opened)/450),g=f*f*(3-2*f);
      key.view=key.after.map((v,i)=>g===1?v:key.before[i]+(v-key.before[i])*g);return f<1}
    function openBranch(s){branch=s>0?access(keys[shown],s):[];picked=hovered=null;version++;opened=performance.now();
      stage.parentNode.classList.toggle("open-branch",branch.length>0);refresh()}

    const pool={states:[],labels:[],fold:[],open:[],tree:[]},used={};
    const kinds={states:"path",labels:"text",fold:"path",open:"path",tree:"path"};
    function take(name){const p=pool[name],i=used[name]++;
      if(i===p.length){const e=make(kinds[name],{},layer[name]);
        if(name==="states")e.setAttribute("class","state");if(name==="labels")e.setAttribute("class","label");p.push(e)}
      const e=p[i];if(e.hidden_){e.style.display="";e.hidden_=false}return e}
    const mix=(a,b,u)=>a+(b-a)*u;
    // The easing of movie.svg: cubic-bezier(.5, 0, .4, 1).
    function ease(v){let t=v;for(let i=0;i<8;i++){const s=1-t,x=3*s*s*t*.5+3*s*t*t*.4+t*t*t-v,
      d=3*s*s*.5+6*s*t*(.4-.5)+3*t*t*.6;if(Math.abs(d)<1e-6)break;t=Math.min(1,Math.max(0,t-x/d))}
      return 3*(1-t)*t*t+t*t*t}
    let now=0,shown=-1;
    function at(time){let i=0;while(i<last&&keys[i+1].time<=time+1e-6)i++;const next=keys[i+1];
      return [i,next?ease(Math.max(0,time-keys[i].time)/(next.time-keys[i].time)):0]}
    function draw(){
      const [i,u]=at(now),A=keys[i],B=keys[Math.min(i+1,last)];
      const gliding=look(A)|look(B);if(gliding&&!playing)requestAnimationFrame(draw);
      for(const n in pool)used[n]=0;
      layer.fold.setAttribute("opacity",mix(foldOpacity(A),foldOpacity(B),u).toFixed(2));
      const near=u<.5?A:B,arrows=count(near)<=arrowLimit;
      layer.fold.setAttribute("marker-end",arrows?"url(#tip)":"none");
      layer.open.setAttribute("marker-end",arrows?"url(#ring)":"none");
      layer.states.setAttribute("stroke-width",Math.min(1.3,23/Math.sqrt(count(near))*near.view[4]).toFixed(2));
      const labelled=mix(hasLabels(A),hasLabels(B),u);
      layer.labels.setAttribute("opacity",labelled.toFixed(2));
      for(const [a,b,born,ends] of casts[i]){
        if(u===0&&born)continue;
        const sa=a===null?b:a,KA=a===null?B:A,sb=b===null?a:b,KB=b===null?A:B;
        const x=mix(X(KA,sa),X(KB,sb),u),y=mix(Y(KA,sa),Y(KB,sb),u);
        let ra=R(KA,sa),rb=R(KB,sb);
        if(born)ra=a===null?0:Math.min(.9*ra,rb);
        if(ends)rb=b===null?0:Math.min(.9*rb,ra);
        // A change of output happens halfway.
        const early=ends||!born&&u<.5,K=early?KA:KB,s=early?sa:sb,e=take("states"),o=K.output[s]%6;
        if(e.o_!==o){e.o_=o;e.setAttribute("d",shapes[o])}
        const colour=colourOf(K,s);if(e.c_!==colour)e.style.fill=e.c_=colour;
        e.setAttribute("transform",`translate(${x.toFixed(1)} ${y.toFixed(1)})scale(${mix(ra,rb,u).toFixed(2)})`);
        e.state_=u<.5?(a===null||born?-1:a):(b===null||ends?-1:b);
        for(let m=0;m<k;m++){
          const ka=kind(KA,sa,m),kb=kind(KB,sb,m),p=curve(KA,sa,m),q=curve(KB,sb,m);
          const wa=born&&(a===null||ka!==kb)?0:thick(KA,ka),wb=ends&&(b===null||ka!==kb)?0:thick(KB,kb);
          if(ka===kb)line(ka,p,q,u,mix(wa,wb,u),e.state_,m);
          else{if(!born)line(ka,p,q,u,mix(wa,0,u),e.state_,m);if(!ends)line(kb,p,q,u,mix(0,wb,u),e.state_,m)}
          if(labelled>.02){const f=labelPlace(KA,sa,m,p),g=labelPlace(KB,sb,m,q),t=take("labels");
            if(t.m_!==m){t.m_=m;t.textContent=film.symbols[m]}
            t.setAttribute("x",mix(f[0],g[0],u).toFixed(1));t.setAttribute("y",(mix(f[1],g[1],u)+4).toFixed(1))}
        }
      }
      const sx=mix(X(A,0)-R(A,0),X(B,0)-R(B,0),u)-2,sy=mix(Y(A,0),Y(B,0),u).toFixed(1);
      startArrow.setAttribute("d",`M${sx-24} ${sy}H${sx}m-6-4l6 4l-6 4`);
      for(const n in used)for(let j=used[n];j<pool[n].length;j++){const e=pool[n][j];
        if(!e.hidden_){e.style.display="none";e.hidden_=true;e.state_=-1;e.from_=-1}}
      const key=u<.5?i:Math.min(i+1,last);
      if(key!==shown){shown=key;announce()}
      dots(A,B,u);light();charts.forEach(c=>c.move(i,u))}
    function line(kd,p,q,u,w,from,symbol){
      if(w<.02)return;
      const e=take(kd),f=n=>mix(p[n],q[n],u).toFixed(1);
      e.setAttribute("d",`M${f(0)} ${f(1)}C${f(2)} ${f(3)} ${f(4)} ${f(5)} ${f(6)} ${f(7)}`);
      e.setAttribute("stroke-width",w.toFixed(2));e.from_=from;e.symbol_=symbol}

    // ---- Hidden states: a dot for each word ---------------------------------------------------------
    const plane=$("plane"),dotPaths=new Map();let dotsLit=null,dotPlaces=[];
    function dots(A,B,u){if(!film.plane)return;
      const w=plane.clientWidth,h=plane.clientHeight,[ex,ey]=film.plane.extent,near=u<.5?A:B,parts=new Map();
      const fx=(w-34)/ex,fy=(h-34)/ey;dotPlaces=[];
      const on=current();let lit="";
      near.of.forEach((s,i)=>{const x=(24+fx*mix(A.place[2*i],B.place[2*i],u)).toFixed(1),
        y=(8+fy*mix(A.place[2*i+1],B.place[2*i+1],u)).toFixed(1),d=`M${x} ${y}h.1`;dotPlaces.push([+x,+y,s]);
        const name=s<0?"-":(near.output[s]%6===1?"q":"r")+colourOf(near,s);
        parts.set(name,(parts.get(name)||"")+d);if(s>=0&&s===on)lit+=d});
      for(const name of parts.keys())if(!dotPaths.has(name)){const p=make("path",{class:"dots"+(name[0]==="q"?" q":"")},plane);
        p.style.stroke=name==="-"?"var(--soft)":name.slice(1);dotPaths.set(name,p)}
      for(const [name,p] of dotPaths)p.setAttribute("d",parts.get(name)||"M0 0");
      for(const p of dotPaths.values())p.style.display=p.getAttribute("d")==="M0 0"?"none":"";
      if(!dotsLit)dotsLit=make("path",{class:"dots lit",stroke:"var(--accent)"});
      plane.append(dotsLit);dotsLit.setAttribute("d",lit);dotsLit.style.display=lit?"":"none";
      plane.classList.toggle("dim",lit!=="")}
    function dotAt(e){const r=plane.getBoundingClientRect();let best=14,s=-1;
      for(const [x,y,t] of dotPlaces){const d=Math.hypot(e.clientX-r.left-x,e.clientY-r.top-y);
        if(d<best&&t>=0){best=d;s=t}}return s}
    plane.addEventListener("pointermove",e=>{if(e.pointerType==="mouse")hover(dotAt(e))});
    plane.addEventListener("pointerleave",e=>{if(e.pointerType==="mouse")hover(-1)});
    plane.addEventListener("click",e=>pick(dotAt(e)));
    if(film.plane){plane.setAttribute("aria-label","hidden states of "+film.plane.note+", one dot for each word");
      $("planenote").textContent=film.plane.note}else $("hidden").hidden=true;

    // ---- Colours: by output, or by the state of the minimal machine -------------------------------
    const hues=["var(--o0)","var(--o1)","var(--o2)","var(--o3)","var(--o4)","var(--o5)"];
    const colour=$("colour");colour.value=film.colours;
    const colourOf=(key,s)=>colour.value==="minimal"?hues[key.class[s]%6]:hues[key.output[s]%6];
    $("colour").addEventListener("change",()=>{draw();announce()});

    // ---- Words and numbers ----------------------------------------------------------------------
    const plural=(n,one)=>n+" "+one+(n===1?"":"s");
    function announce(){const key=keys[shown];$("when").textContent="epoch "+key.epoch;
      let text=plural(count(key),"state")+(key.open?" · "+plural(key.open,"open transition"):" · complete");
      if($("colour").value==="minimal")text+=" · "+plural(film.minimal[key.minimal][0],"minimal class").replace("classs","classes");
      least(key);
      $("what").textContent=text;
      scrub.setAttribute("aria-valuetext","epoch "+key.epoch+", "+plural(count(key),"state"));
      if(path)trace(false);else note()}
    // The minimal machine of the key frame; a new diagram only when it changes.
    let least_=-1;
    function least(key){const [n,diagram]=film.minimal[key.minimal];
      if(least_!==key.minimal){least_=key.minimal;$("diagram").innerHTML=diagram||"";
        $("leastnote").textContent=plural(n,"state")+(diagram?"":", too many to draw")}
      for(const g of $("diagram").querySelectorAll(".circle")){const c=+g.dataset.state;
        for(const r of g.querySelectorAll(".ring"))r.style.stroke=$("colour").value==="minimal"?hues[c%6]:
          "var(--o"+key.output[key.class.indexOf(c)]%6+")"}}
    $("title").textContent=film.title;stage.setAttribute("aria-label",film.summary);
    $("diagram").setAttribute("role","group");$("diagram").setAttribute("aria-label","the minimal machine");
    function legend(text,box,build){const li=document.createElement("li"),s=make("svg",{viewBox:box,"aria-hidden":"true"});
      s.style.width=box.split(" ")[2]*14/box.split(" ")[3]+"px";build(s);li.append(s,text);$("legend").append(li)}
    film.outputs.forEach((name,o)=>legend("says "+name,"-1.3 -1.3 2.6 2.6",s=>
      make("path",{d:shapes[o%6],style:`fill:var(--o${o%6})`},s)));
    for(const [c,text] of [["tree","leads on"],["fold","leads back"],["open","open"]])
      legend(text,"0 0 24 14",s=>make("path",{d:"M0 7H24",class:c,"stroke-width":1.7},s));

    // ---- Looking closer: a state under the pointer, a word's way ---------------------------------
    // What is picked is a track, so that it stays picked as the film goes on. What the pointer is over
    // is shown in its place, as long as it is there.
    let picked=null,hovered=null,path=null,steps=0,group=-1;
    const pickedState=()=>hovered!==null?stateOf(hovered,shown):picked===null?-1:stateOf(picked,shown);
    // The state to look at: that under the pointer, or that which the traced word has reached.
    const current=()=>{const s=pickedState();
      return hovered===null&&path?path.states[Math.min(steps,path.states.length-1)]:s};
    function light(){
      const states=new Set(),edges=new Set(),s=pickedState(),key=keys[shown];
      if(group>=0)key.class.forEach((c,s)=>{if(c===group)states.add(s)});
      else if(path&&hovered===null){path.states.slice(0,steps+1).forEach(t=>states.add(t));
        path.edges.slice(0,steps).forEach(e=>edges.add(e))}
      else if(s>=0){states.add(s);
        for(let a=0;a<k;a++){edges.add(s*k+a);const t=key.next[s*k+a];if(t>=0)states.add(t)}
        key.next.forEach((t,e)=>{if(t===s)edges.add(e)})}
      const at=group>=0?group:current()>=0?key.class[current()]:-1;
      for(const g of $("diagram").querySelectorAll(".circle"))g.classList.toggle("lit",+g.dataset.state===at);
      const on=states.size>0;stage.classList.toggle("dim",on);
      if(!on&&!light.was)return;light.was=on;
      for(const e of pool.states)e.classList.toggle("lit",states.has(e.state_));
      for(const n of ["fold","open","tree"])for(const e of pool[n])e.classList.toggle("lit",e.from_>=0&&edges.has(e.from_*k+e.symbol_))}
    const strong=text=>{const b=document.createElement("b");b.textContent=text;return b};
    const press=(text,act)=>{const b=document.createElement("button");b.type="button";b.textContent=text;
      b.addEventListener("click",act);return b};
    function note(){const p=$("note"),key=keys[shown],parts=[],s=pickedState();
      if(path&&hovered===null){
        parts.push(strong(path.word||"ε"));
        if(path.stuck)parts.push(" meets an open transition after ",strong(path.read||"ε"),". ");
        else parts.push(" leads to state ",strong(""+path.end),", which says ",strong(film.outputs[key.output[path.end]]),". ");
        const said=path.said[path.symbols.length];
        if(path.symbols.length>0&&film.said)parts.push(said===null?"What the network says is known here up to length "+film.said.depth+".":
          "The network says ",...(said===null?[]:[strong(film.outputs[said]),"."]))}
      else if(s>=0){const n=key.words[s],some=key.some[s].map(word);
        parts.push(strong("State "+s)," says ",strong(film.outputs[key.output[s]])," · ",plural(n,"word"),": ",
          some.join(", ")+(n>some.length?", …":""),". ");
        for(let a=0;a<k;a++){const t=key.next[s*k+a];
          parts.push(film.symbols[a]+" leads "+(t<0?"nowhere yet":t===s?"back to it":"to state "+t)+(a<k-1?", ":". "))}
        const born=keys[film.tracks[trackOf[shown][s]][0]].epoch;
        parts.push(born>keys[0].epoch?"There since epoch "+born+".":"There from the beginning.");
        if(key.disagree[s])parts.push(" "+plural(key.disagree[s],"of its words").replace("wordss","words")+" say otherwise.");
        const size=hovered===null&&s>0?inBranch(key,s).length:0;
        if(size>1)parts.push(press("Open its branch of "+size,()=>openBranch(s)))}
      else parts.push("Point at a state or a dot to see its words, or type a word and watch its way.");
      p.replaceChildren(...parts);showSteps()}
    // The word under its way: what automaton and network say after each symbol.
    const mark=o=>{const s=make("svg",{viewBox:"-1.3 -1.3 2.6 2.6",role:"img","aria-label":film.outputs[o]});
      make("path",{d:shapes[o%6],style:`fill:var(--o${o%6})`},s);return s};
    function showSteps(){const box=$("steps");box.hidden=!path||path.symbols.length===0;if(box.hidden)return box.replaceChildren();
      const table=document.createElement("table"),row=(title,cell)=>{const tr=table.insertRow(),th=document.createElement("th");
        th.textContent=title;th.scope="row";tr.append(th);
        path.symbols.forEach((_,i)=>{const td=tr.insertCell();cell(td,i);if(i>=steps)td.classList.add("ahead")})};
      row("word",(td,i)=>td.textContent=film.symbols[path.symbols[i]]);
      row("automaton says",(td,i)=>td.append(i<path.outputs.length-1?mark(path.outputs[i+1]):"–"));
      if(film.said)row("network says",(td,i)=>{const o=path.said[i+1];td.append(o===null?"?":mark(o));
        if(o!==null&&i<path.outputs.length-1&&o!==path.outputs[i+1])td.classList.add("differs")});
      box.replaceChildren(table)}
    // What the network of a key frame says after a word of the evaluation set, by the word's number.
    const bits=film.said?film.said.bits:1,per=Math.floor(6/bits);
    const digit="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const said=(key,node)=>film.said&&node<film.said.words?digit.indexOf(key.said[Math.floor(node/per)])>>bits*(node%per)&(1<<bits)-1:null;
    const toTrack=s=>s>=0?trackOf[shown][s]:null;
    function refresh(){note();light();draw()}
    function hover(s){const t=toTrack(s);if(t===hovered)return;hovered=t;refresh()}
    function pick(s){hovered=null;picked=toTrack(s);refresh()}
    stage.addEventListener("pointerover",e=>{if(e.pointerType==="mouse"&&e.target.state_>=0)hover(e.target.state_)});
    stage.addEventListener("pointerout",e=>{if(e.pointerType==="mouse")hover(-1)});
    stage.addEventListener("click",e=>pick(e.target.state_>=0?e.target.state_:-1));
    stage.addEventListener("dblclick",e=>{if(e.target.state_>=0)openBranch(e.target.state_);else openBranch(0)});
    $("whole").addEventListener("click",()=>{openBranch(0);stage.focus()});
    stage.addEventListener("focus",()=>{if(stage.matches(":focus-visible")&&picked===null&&!path)pick(stem(keys[shown]))});
    // From state to state: to the one before, to those after, up and down in the column.
    function walk(name){const key=keys[shown],s=pickedState()>=0?pickedState():stem(key),to=by=>{
        const column=key.x.map((_,t)=>t).filter(t=>Math.abs(key.x[t]-key.x[s])<1e-6).sort((a,b)=>key.y[a]-key.y[b]);
        return column[column.indexOf(s)+by]};
      const t=name==="ArrowLeft"?key.parent[s]:name==="ArrowRight"?key.parent.indexOf(s):to(name==="ArrowUp"?-1:1);
      if(t!==undefined&&t>=0)pick(t)}
    $("diagram").addEventListener("pointerover",e=>{const g=e.target.closest(".circle");group=g?+g.dataset.state:-1;light()});
    $("diagram").addEventListener("pointerleave",()=>{group=-1;light()});
    const input=$("word");
    function read(text){const names=compact?[...text.replace(/[\sε]/g,"")]:text.split(/\s+/).filter(t=>t&&t!=="ε");
      return names.map(n=>film.symbols.indexOf(n))}
    const spell=symbols=>symbols.map(a=>film.symbols[a]).join(compact?"":" ");
    let stepping=0;
    // Follows the word in the field. A word that only grew goes on from where it was.
    function trace(animated){
      const text=input.value.trim();clearInterval(stepping);
      if(!text){path=null;refresh();return}
      const symbols=read(text);
      if(symbols.includes(-1)){path=null;refresh();$("note").textContent="Words are written with "+
        film.symbols.join(compact?", ":" ")+(compact?".":", separated by spaces.");return}
      const key=keys[shown],before=path;let s=0;
      path={word:spell(symbols),symbols,states:[0],edges:[],outputs:[key.output[0]],said:[null],stuck:false,end:0,read:""};
      let node=0;for(const a of symbols){node=k*node+1+a;path.said.push(said(key,node))}
      for(let i=0;i<symbols.length;i++){const a=symbols[i];path.edges.push(s*k+a);const t=key.next[s*k+a];
        if(t<0){path.stuck=true;path.read=spell(symbols.slice(0,i));break}
        s=t;path.states.push(s);path.outputs.push(key.output[s])}
      path.end=s;
      steps=path.edges.length;
      if(animated&&!calm){steps=before&&path.word.startsWith(before.word)?before.edges.length:0;
        stepping=setInterval(()=>{if(path&&steps<path.edges.length){steps++;refresh()}else clearInterval(stepping)},320)}
      refresh()}
    input.addEventListener("input",()=>trace(true));
    input.placeholder=film.symbols.slice(0,2).concat(film.symbols[0]).join(compact?"":" ");

    // ---- Curves ---------------------------------------------------------------------------------
    const epochs=[...film.losses.map(l=>l[0]),...film.counts.map(c=>c[0])];
    const e0=epochs.reduce((a,b)=>Math.min(a,b)),e1=epochs.reduce((a,b)=>Math.max(a,b),e0+1);
    function round(a,b,about){const span=b-a;if(!(span>0))return [a];const p=10**Math.floor(Math.log10(span/about));
      const step=[1,2,5,10].map(f=>f*p).find(s=>span/s<=about+.5)||span,out=[];
      for(let v=Math.ceil(a/step)*step;v<=b+step*1e-9;v+=step)out.push(v);return out}
    const charts=[];
    $("changesnote").textContent=film.changesNote;
    // A chart of curves; below it, if there are events, a bar up and one down for each.
    function chart(id,label,series,log,low,high,events){const svg=$(id);svg.setAttribute("aria-label",label);const c={log};
      c.build=()=>{const w=svg.clientWidth,h=svg.clientHeight,l=48,b=20,t=6,low_=c.log?low:0;svg.replaceChildren();
        const f=c.log?Math.log10:v=>v,lo=f(low_),hi=f(high),foot=h-b-(events?58:0);
        c.x=e=>l+(w-l-8)*(e-e0)/(e1-e0);
        const y=v=>foot-(foot-t)*Math.min(1,Math.max(0,(f(Math.max(v,low_))-lo)/((hi-lo)||1)));
        const tick=(v,y,text)=>{make("path",{class:"axis",d:`M${l} ${y}H${w-8}`},svg);
          const tx=make("text",{x:l-7,y:y+4,"text-anchor":"end"},svg);tx.textContent=text};
        const ticks=c.log?round(Math.ceil(lo),Math.floor(hi),3).filter(v=>v===Math.round(v)).map(v=>10**v):round(low_,high,events?3:4);
        for(const v of ticks)tick(v,y(v),v<1e-3&&v>0?v.toExponential().replace("1e-","1e−"):+v.toPrecision(6));
        for(const v of round(e0,e1,w<420?4:6)){const tx=make("text",{x:c.x(v),y:h-3,"text-anchor":"middle"},svg);tx.textContent=v}
        const clip=make("clipPath",{id:id+"past"},make("defs",{},svg));
        c.clip=make("rect",{x:0,y:-10,height:h+20,width:0},clip);
        const past=make("g",{"clip-path":`url(#${id}past)`});
        const draw=(name,d)=>{make("path",{class:name+" future",d},svg);make("path",{class:name,d},past)};
        for(const [name,points] of series){let d="";
          for(const [e,v] of points)if(v!==null&&(v>0||!c.log))d+=(d?"L":"M")+c.x(e).toFixed(1)+" "+y(v).toFixed(1);
          draw("curve "+name,d)}
        if(events){const zero=h-b-24,most=events.reduce((m,e)=>Math.max(m,e[1],e[2]),1);
          for(const [name,n,sign] of [["merge",1,-1],["split",2,1]])
            draw("bars "+name,events.map(e=>e[n]?`M${c.x(e[0]).toFixed(1)} ${zero}V${(zero+sign*22*e[n]/most).toFixed(1)}`:"").join(""));
          for(const [text,y] of [["+"+most,zero-12],["−"+most,zero+20]]){const tx=make("text",{x:l-7,y,"text-anchor":"end"},svg);tx.textContent=text}}
        svg.append(past);c.mark=make("path",{class:"mark",d:`M0 0V${h-b}`},svg)};
      c.move=(i,u)=>{const x=mix(c.x(keys[i].epoch),c.x(keys[Math.min(i+1,last)].epoch),u).toFixed(1);
        c.mark.setAttribute("transform",`translate(${x})`);c.clip.setAttribute("width",x)};
      charts.push(c);return c}
    const lossValues=film.losses.flatMap(l=>[l[1],l[2]]).filter(v=>v!==null&&v>0);
    if(lossValues.length){const c=chart("loss","training and validation loss against the epoch",
      [["valid",film.losses.map(l=>[l[0],l[2]])],["train",film.losses.map(l=>[l[0],l[1]])]],film.logarithmic,
      lossValues.reduce((a,b)=>Math.min(a,b)),lossValues.reduce((a,b)=>Math.max(a,b))*1.2);
      for(const [name,text,colour] of [["train","training","var(--o0)"],["valid","validation","var(--o1)"]]){
        const s=document.createElement("span"),t=document.createElement("span");s.className="swatch";
        s.style.borderTopColor=colour;if(name==="valid")s.style.borderTopStyle="dashed";t.textContent=text;
        $("losstitle").append(s,t)}
      const axis=$("lossaxis"),name=()=>{axis.textContent=c.log?"log":"linear";
        axis.setAttribute("aria-label","axis of the loss: "+(c.log?"logarithmic":"linear"))};
      axis.addEventListener("click",()=>{c.log=!c.log;name();c.build();draw()});name()}
    else $("loss").parentNode.hidden=true;
    chart("count","number of states, and mergers and splits of classes, against the epoch",
      [["count",film.counts.map(c=>[c[0],c[1]])]],false,0,film.counts.reduce((a,c)=>Math.max(a,c[1]),1)*1.05,film.changes);
    // The plane's axes.
    if(film.plane)charts.push({move(){},build(){const w=plane.clientWidth,h=plane.clientHeight;plane.replaceChildren();
      dotPaths.clear();make("path",{class:"axis",d:`M18 2V${h-20}H${w}`},plane);
      const a=make("text",{x:18,y:h-4},plane),b=make("text",{transform:`translate(10 ${h-20})rotate(-90)`},plane);
      a.textContent=film.plane.axes[0];b.textContent=film.plane.axes[1]}});
    // The number of states in the film's own time, above the scrubber.
    const ribbon=$("ribbon"),ticks=$("ticks");
    charts.push({move(){},build(){const w=ribbon.clientWidth,h=30,x=t=>8+(w-16)*t/film.duration;
      const most=keys.reduce((a,key)=>Math.max(a,count(key)),1);ribbon.replaceChildren();ticks.replaceChildren();
      let d=`M${x(0)} ${h}`;for(const key of keys)d+=`L${x(key.time).toFixed(1)} ${(h-(h-2)*count(key)/most).toFixed(1)}`;
      make("path",{class:"area",d:d+`H${x(film.duration)}V${h}z`},ribbon);
      let free=0;keys.forEach((key,i)=>{const p=x(key.time),first=i===0;if(p<free)return;
        const t=make("text",{x:p,y:13,"text-anchor":first?"start":"middle"},ticks);
        t.textContent=first?"epoch "+key.epoch:key.epoch;free=p+(first?82:42)})}});

    // ---- Playing --------------------------------------------------------------------------------
    const scrub=$("scrub"),button=$("play");scrub.max=film.duration;
    let playing=false,before=0;
    function seek(t){now=Math.min(film.duration,Math.max(0,t));scrub.value=now;draw()}
    function play(on){playing=on;button.textContent=on?"Pause":"Play";before=0;
      if(on){if(now>=film.duration-.01)now=0;requestAnimationFrame(tick)}}
    function tick(t){if(!playing)return;if(before)now+=Math.min(.1,(t-before)/1000)*$("speed").value;before=t;
      if(now>=film.duration)now=0;scrub.value=now;draw();requestAnimationFrame(tick)}
    button.addEventListener("click",()=>play(!playing));
    scrub.addEventListener("input",()=>{play(false);now=+scrub.value;draw()});
    function step(by){play(false);const [i,u]=at(now);
      seek(keys[Math.min(last,Math.max(0,by>0?i+1:u>.01?i:i-1))].time)}
    document.addEventListener("keydown",e=>{
      if(e.ctrlKey||e.metaKey||e.altKey)return;
      const field=e.target===input;
      if(e.key==="Escape"){input.value="";picked=hovered=null;input.blur();if(branch.length)openBranch(0);trace(false);return}
      if(field||e.target.matches("select"))return;
      if(e.target===stage){if(/^Arrow/.test(e.key)){e.preventDefault();walk(e.key);return}
        if(e.key==="Enter"){if(pickedState()>=0)openBranch(pickedState());return}}
      if(e.target.id==="steps"&&/^Arrow/.test(e.key))return;
      if(compact&&film.symbols.includes(e.key)){input.value+=e.key;trace(true);e.preventDefault();return}
      if(e.key==="Backspace"){input.value=input.value.slice(0,-1);trace(false);e.preventDefault();return}
      if(e.key===" "&&e.target.matches("button"))return;
      const acts={" ":()=>play(!playing),ArrowLeft:()=>step(-1),ArrowRight:()=>step(1),
        Home:()=>{play(false);seek(0)},End:()=>{play(false);seek(keys[last].time)}};
      if(acts[e.key]){e.preventDefault();acts[e.key]()}});
    function size(){W=stage.clientWidth;H=stage.clientHeight;stage.setAttribute("viewBox",`0 0 ${W} ${H}`);
      charts.forEach(c=>c.build());draw()}
    // For tests and for those who write scripts: go to a time, and what is shown then.
    window.film={seek,play,keys,duration:film.duration,shown:()=>({epoch:keys[shown].epoch,key:shown,
      states:used.states,edges:used.fold+used.open+used.tree,dots:dotPlaces.length})};
    new ResizeObserver(size).observe(stage);size();
    if(!calm&&last>0)play(true);else seek(keys[last].time)}
    """#
}
