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
    header{display:flex;flex-wrap:wrap;gap:2px 24px;align-items:baseline;justify-content:space-between}
    h1{font-size:clamp(18px,2vw,26px);line-height:1.2;margin:0;font-weight:650}
    #when{font-size:clamp(18px,2vw,26px);font-weight:650;margin:0;line-height:1.2}
    #what,.legend{color:var(--soft);margin:0;font-size:14px}
    .legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;align-items:center}
    .legend svg{width:16px;height:16px;vertical-align:-3px;margin-right:5px;overflow:visible}
    #stage{display:block;width:100%;height:clamp(300px,56vh,720px);margin:6px 0;touch-action:pan-y;overflow:visible}
    .tree,.fold,.open,.start,.curve,.axis{fill:none}
    .tree,.start{stroke:var(--ink)}.fold{stroke:var(--fold)}
    .open{stroke:var(--open);stroke-dasharray:2.5 2.5}
    .state{stroke:var(--paper);stroke-width:1.2;cursor:pointer;vector-effect:non-scaling-stroke}
    .dim .edges path{opacity:.12}.dim .state{opacity:.3}
    .dim .edges path.lit,.dim .state.lit{opacity:1}
    .edges path.lit{stroke:var(--accent);stroke-opacity:1}
    .state.lit{stroke:var(--accent);stroke-width:2.5}
    .state:focus{outline:none;stroke:var(--accent);stroke-width:3}
    .controls{display:grid;grid-template-columns:auto 1fr auto;gap:12px;align-items:center;margin:4px 0 10px}
    button,select,input[type=text]{font:inherit;color:inherit;background:none;border:1px solid var(--line);
    border-radius:8px;padding:7px 12px;min-height:40px}
    button{cursor:pointer;min-width:88px}
    button:hover,select:hover{border-color:var(--soft)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    input[type=range]{width:100%;accent-color:var(--accent);min-height:32px}
    .panels{display:grid;grid-template-columns:1fr 1fr 1fr;gap:16px 36px}
    .panels>section{min-width:0}
    h2{font-size:14px;margin:6px 0 4px;font-weight:650}
    .chart{display:block;width:100%;height:150px;overflow:visible}
    .axis{stroke:var(--line)}.chart text{fill:var(--soft);font-size:11px}
    .curve{stroke-width:1.7;stroke-linejoin:round}.train{stroke:var(--o0)}
    .valid{stroke:var(--o1);stroke-dasharray:5 3}.count{stroke:var(--ink)}
    .mark{stroke:var(--ink);stroke-width:1.2}.future{opacity:.28}
    .swatch{display:inline-block;width:18px;border-top:2px solid;vertical-align:4px;margin:0 5px 0 10px}
    #note{font-size:14px;margin:6px 0 0;min-height:5.8em;overflow-wrap:anywhere}
    #note b{font-weight:650}
    form{display:flex;gap:8px}
    form input{flex:1;min-width:0}
    kbd{font:inherit;border:1px solid var(--line);border-radius:4px;padding:0 4px}
    .help{color:var(--soft);font-size:13px;margin:14px 0 0}
    @media (max-width:860px){.panels{grid-template-columns:1fr}.controls{grid-template-columns:auto 1fr}
    .controls select{grid-column:1/3;justify-self:start}}
    """#

  static let pageBody = #"""
    <body><header><h1 id="title"></h1><p id="when"></p></header>
    <header><ul class="legend" id="legend"></ul><p id="what"></p></header>
    <svg id="stage" role="group" aria-label="automaton"><g class="edges"><g class="fold"></g>
    <g class="open"></g><g class="tree"></g></g><path class="start"/><g class="states"></g></svg>
    <div class="controls"><button id="play" type="button">Play</button>
    <input id="scrub" type="range" min="0" step="any" value="0" aria-label="time in the film">
    <select id="speed" aria-label="speed"><option value="0.25">¼ speed</option><option value="0.5">½ speed
    </option><option value="1" selected>normal</option><option value="2">2 × speed</option></select></div>
    <div class="panels"><section><h2 id="losstitle">Loss</h2><svg class="chart" id="loss" role="img"></svg></section>
    <section><h2>States</h2><svg class="chart" id="count" role="img"></svg></section>
    <section><h2><label for="word">Trace a word</label></h2><form id="trace"><input type="text" id="word"
    autocomplete="off" autocapitalize="off" spellcheck="false"><button>Trace</button></form>
    <p id="note" aria-live="polite"></p></section></div>
    <p class="help"><kbd>space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> go from key frame to key
    frame, <kbd>Home</kbd> <kbd>End</kbd> to the first and last, <kbd>Esc</kbd> clears.</p>
    """#

  static let pageScript = #"""
    "use strict";
    const film=JSON.parse(document.getElementById("data").textContent);
    const $=id=>document.getElementById(id);
    const make=(name,attributes={},parent)=>{const e=document.createElementNS("http://www.w3.org/2000/svg",name);
      for(const a in attributes)e.setAttribute(a,attributes[a]);if(parent)parent.append(e);return e};
    const k=film.symbols.length,keys=film.keys,last=keys.length-1;
    const shapes=["M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z","M-.89-.89H.89V.89H-.89z","M0-1.25 1.25 0 0 1.25-1.25 0z",
      "M0-1.5 1.3.75H-1.3z","M0 1.5 1.3-.75H-1.3z","M-1.1 0-.55-.95H.55L1.1 0 .55.95H-.55z"];
    const compact=film.symbols.every(s=>[...s].length===1);
    // Words are numbered in shortlex order: the children of word i are k·i + 1 … k·i + k.
    function word(node){const symbols=[];while(node>0){symbols.push(film.symbols[(node-1)%k]);node=Math.floor((node-1)/k)}
      return symbols.length?symbols.reverse().join(compact?"":" "):"ε"}

    // ---- The stage: what stands where at any time ----------------------------------------------
    const stage=$("stage"),layer={fold:stage.querySelector(".fold"),open:stage.querySelector(".open"),
      tree:stage.querySelector(".tree")},statesLayer=stage.querySelector(".states"),startArrow=stage.querySelector(".start");
    let W=1,H=1,left=44,right=14;
    const X=(key,s)=>left+key.x[s]*(W-left-right),Y=(key,s)=>14+key.y[s]*(H-28);
    const scale=()=>Math.max(.55,Math.min(1.25,W/1150));
    const R=(key,s)=>key.r[s]*scale();
    // Four points, the same for every kind of edge, so that one can become another.
    function curve(key,s,a){const x=X(key,s),y=Y(key,s),t=key.next[s*k+a],c=key.column*(W-left-right);
      if(t<0){const ex=x+.4*c,ey=y+(a-(k-1)/2)*Math.min(9,2.2*R(key,s)),m=(x+ex)/2;return [x,y,m,y,m,ey,ex,ey]}
      const X2=X(key,t),Y2=Y(key,t),r=R(key,t)+1;
      if(s===t){const q=r+14*scale();return [x,y,x+q,y-1.5*q,x-q,y-1.5*q,x-.35*r,y-.94*r]}
      const dx=X2-x,dy=Y2-y;
      if(dx>.3*c){const m=(x+X2)/2;return [x,y,m,y,m,Y2,X2-r,Y2]}
      const swing=.3*c+.1*Math.abs(dy),lift=.35*-dx*Math.max(0,1-Math.abs(dy)/60);
      return [x,y,x+swing,y-lift,X2+swing,Y2-lift,X2+r,Y2]}
    const kind=(key,s,a)=>{const t=key.next[s*k+a];return t<0?"open":key.parent[t]===s?"tree":"fold"};
    const thick=(key,kd)=>Math.min(1.8,Math.max(.8,16/Math.sqrt(key.x.length)))*(kd==="tree"?1:.75);
    // Who takes part in the step from key i to key i + 1: [state before, state after, is it
    // born, does it end], null where there is none.
    const casts=keys.map(()=>[]);
    for(const [first,states,origin,destination] of film.tracks){const end=first+states.length-1;
      if(origin!==null)casts[first-1].push([origin,states[0],true,false]);
      else if(first>0)casts[first-1].push([null,states[0],true,false]);
      for(let i=first;i<end;i++)casts[i].push([states[i-first],states[i+1-first],false,false]);
      if(end<last)casts[end].push([states[states.length-1],destination,false,true]);
      else casts[last].push([states[states.length-1],states[states.length-1],false,false])}
    // Those who come or go lie beneath those who stay.
    for(const cast of casts)cast.sort((a,b)=>(b[2]|b[3])-(a[2]|a[3]));
    const pool={states:[],fold:[],open:[],tree:[]};
    const used={states:0,fold:0,open:0,tree:0};
    function take(name,parent,build){const p=pool[name];const i=used[name]++;
      if(i===p.length)p.push(build(parent));const e=p[i];if(e.hidden_){e.style.display="";e.hidden_=false}return e}
    const mix=(a,b,u)=>a+(b-a)*u;
    // The easing of movie.svg: cubic-bezier(.5, 0, .3, 1).
    function ease(v){let t=v;for(let i=0;i<6;i++){const x=3*(1-t)*(1-t)*t*.5+3*(1-t)*t*t*.3+t*t*t-v,
      d=3*(1-t)*(1-t)*.5+6*(1-t)*t*(.3-.5)+3*t*t*.7;if(Math.abs(d)<1e-6)break;t-=x/d}
      t=Math.min(1,Math.max(0,t));return 3*(1-t)*t*t+t*t*t}
    let now=0,shown=-1;
    function at(time){let i=0;while(i<last&&keys[i+1].time<=time)i++;
      const next=keys[i+1];return [i,next?ease((time-keys[i].time)/(next.time-keys[i].time)):0]}
    function draw(){
      const [i,u]=at(now),A=keys[i],B=keys[Math.min(i+1,last)];
      for(const n in used)used[n]=0;
      const foldOpacity=key=>Math.min(.8,Math.max(.2,4/Math.sqrt(key.x.length)));
      layer.fold.setAttribute("stroke-opacity",mix(foldOpacity(A),foldOpacity(B),u).toFixed(2));
      for(const [a,b,born,ends] of casts[i]){
        const sa=a===null?b:a,KA=a===null?B:A,sb=b===null?a:b,KB=b===null?A:B;
        const x=mix(X(KA,sa),X(KB,sb),u),y=mix(Y(KA,sa),Y(KB,sb),u);
        let ra=R(KA,sa),rb=R(KB,sb);
        if(born)ra=a===null?0:Math.min(.9*ra,rb);
        if(ends)rb=b===null?0:Math.min(.9*rb,ra);
        if(u===0&&(born||ends&&a===null))continue;
        // A change of output happens halfway.
        const out=born?KB.output[sb]:ends?KA.output[sa]:u<.5?KA.output[sa]:KB.output[sb];
        const e=take("states",statesLayer,p=>make("path",{class:"state",tabindex:-1},p));
        const o=out%6;if(e.o_!==o){e.o_=o;e.setAttribute("d",shapes[o]);e.style.fill="var(--o"+o+")"}
        e.setAttribute("transform",`translate(${x.toFixed(1)} ${y.toFixed(1)})scale(${mix(ra,rb,u).toFixed(2)})`);
        e.state_=u<.5?(a===null?-1:a):(b===null?-1:b);
        for(let s=0;s<k;s++){
          const ka=kind(KA,sa,s),kb=kind(KB,sb,s),p=curve(KA,sa,s),q=curve(KB,sb,s);
          const wa=born?0:thick(KA,ka),wb=ends?0:thick(KB,kb);
          if(ka===kb)line(ka,p,q,u,mix(wa,wb,u),sa,sb,s);
          else{line(ka,p,q,u,mix(wa,0,u),sa,sb,s);line(kb,p,q,u,mix(0,wb,u),sa,sb,s)}
        }
      }
      const sx=mix(X(A,0)-R(A,0),X(B,0)-R(B,0),u)-2,sy=mix(Y(A,0),Y(B,0),u);
      startArrow.setAttribute("d",`M${sx-24} ${sy}H${sx}M${sx-6} ${sy-4}L${sx} ${sy}L${sx-6} ${sy+4}`);
      for(const n in used)for(let j=used[n];j<pool[n].length;j++){const e=pool[n][j];
        if(!e.hidden_){e.style.display="none";e.hidden_=true}}
      const near=u<.5?i:Math.min(i+1,last);
      if(near!==shown){shown=near;announce()}
      light();charts.forEach(c=>c.move(i,u));
    }
    function line(kd,p,q,u,w,sa,sb,symbol){
      if(w<.02)return;
      const e=take(kd,layer[kd],parent=>make("path",{},parent));
      const f=n=>mix(p[n],q[n],u).toFixed(1);
      e.setAttribute("d",`M${f(0)} ${f(1)}C${f(2)} ${f(3)} ${f(4)} ${f(5)} ${f(6)} ${f(7)}`);
      e.setAttribute("stroke-width",w.toFixed(2));e.from_=u<.5?sa:sb;e.symbol_=symbol}

    // ---- Words and numbers ----------------------------------------------------------------------
    const plural=(n,one)=>n+" "+one+(n===1?"":"s");
    function announce(){const key=keys[shown];$("when").textContent="epoch "+key.epoch;
      $("what").textContent=plural(key.x.length,"state")+(key.open?" · "+plural(key.open,"open transition"):" · complete");
      scrub.setAttribute("aria-valuetext","epoch "+key.epoch+", "+plural(key.x.length,"state"));
      if(picked!==null)picked=null;if(path)trace(path.text);note()}
    $("title").textContent=film.title;stage.setAttribute("aria-label",film.summary);
    film.outputs.forEach((name,o)=>{const li=document.createElement("li");const s=make("svg",{viewBox:"-1.6 -1.6 3.2 3.2"});
      make("path",{d:shapes[o%6],style:`fill:var(--o${o%6})`},s);li.append(s,"says "+name);$("legend").append(li)});
    {const li=document.createElement("li");const s=make("svg",{viewBox:"0 0 16 16"});
      make("path",{d:"M0 8H16",class:"open","stroke-width":1.6},s);li.append(s,"open transition");$("legend").append(li)}

    // ---- Looking closer: a state under the pointer, a word's way ---------------------------------
    let picked=null,path=null;
    function light(){
      const states=new Set(),edges=new Set();
      if(path){path.states.forEach(s=>states.add(s));path.edges.forEach(e=>edges.add(e))}
      else if(picked!==null){const key=keys[shown];states.add(picked);
        for(let s=0;s<k;s++){edges.add(picked*k+s);const t=key.next[picked*k+s];if(t>=0)states.add(t)}
        key.next.forEach((t,e)=>{if(t===picked)edges.add(e)})}
      const on=states.size>0;stage.classList.toggle("dim",on);
      if(!on&&!light.was)return;light.was=on;
      for(const e of pool.states)e.classList.toggle("lit",states.has(e.state_));
      for(const n of ["fold","open","tree"])for(const e of pool[n])e.classList.toggle("lit",edges.has(e.from_*k+e.symbol_))}
    const strong=text=>{const b=document.createElement("b");b.textContent=text;return b};
    function note(){const p=$("note"),key=keys[shown];p.replaceChildren();
      if(path){p.append(strong(path.text||"ε"),path.stuck?" meets an open transition after ":" ends in state ",
        strong(path.stuck?path.read||"ε":String(path.end)));
        if(!path.stuck)p.append(", which says ",strong(film.outputs[key.output[path.end]]));
        p.append(". Outputs on the way: "+path.outputs.map(o=>film.outputs[o]).join(" "));return}
      if(picked===null){p.append("Point at a state to see its words.");return}
      const s=picked,n=key.words[s],some=key.some[s].map(word);
      p.append(strong("State "+s)," says ",strong(film.outputs[key.output[s]])," · ",plural(n,"word"),": ",
        some.join(", ")+(n>some.length?", …":""),". ");
      for(let a=0;a<k;a++){const t=key.next[s*k+a];p.append(film.symbols[a]+" → "+(t<0?"open":"state "+t)+(a<k-1?", ":"."))}
      if(key.disagree[s])p.append(" "+plural(key.disagree[s],"of its words")+" say otherwise.")}
    function pick(s){if(picked===s)return;picked=s;note();light()}
    stage.addEventListener("pointerover",e=>{const s=e.target.state_;if(s>=0)pick(s)});
    stage.addEventListener("pointerout",e=>{if(e.target.state_===picked&&e.pointerType==="mouse")pick(null)});
    stage.addEventListener("click",e=>{const s=e.target.state_;pick(s>=0?s:null)});
    function read(text){const names=compact?[...text.replace(/[\sε]/g,"")]:text.split(/\s+/).filter(t=>t&&t!=="ε");
      return names.map(n=>film.symbols.indexOf(n))}
    function trace(text){const key=keys[shown],symbols=read(text);let s=0;
      path={text,states:[0],edges:[],outputs:[key.output[0]],stuck:false,end:0,read:""};
      for(let i=0;i<symbols.length;i++){const a=symbols[i];path.edges.push(s*k+a);const t=key.next[s*k+a];
        if(t<0){path.stuck=true;path.read=symbols.slice(0,i).map(b=>film.symbols[b]).join(compact?"":" ");break}
        s=t;path.states.push(s);path.outputs.push(key.output[s])}
      path.end=s}
    $("trace").addEventListener("submit",e=>{e.preventDefault();const text=$("word").value.trim();
      const bad=read(text).indexOf(-1);
      if(bad>=0){path=null;light();$("note").textContent="Words are written in "+film.symbols.join(compact?", ":" and ")+".";return}
      trace(text);note();light()});
    $("word").placeholder=film.symbols.slice(0,2).concat(film.symbols[0]).join(compact?"":" ");

    // ---- Curves ---------------------------------------------------------------------------------
    const epochs=[...film.losses.map(l=>l[0]),...film.counts.map(c=>c[0])];
    const e0=Math.min(...epochs),e1=Math.max(...epochs,e0+1);
    function round(a,b,about){const span=b-a;if(!(span>0))return [a];const p=10**Math.floor(Math.log10(span/about));
      const step=[1,2,5,10].map(f=>f*p).find(s=>span/s<=about+.5)||span,out=[];
      for(let v=Math.ceil(a/step)*step;v<=b+step*1e-9;v+=step)out.push(v);return out}
    const charts=[];
    function chart(id,label,series,log,low,high){const svg=$(id);svg.setAttribute("aria-label",label);const c={};
      c.build=()=>{const w=svg.clientWidth,h=svg.clientHeight,l=46,b=20,t=6;svg.replaceChildren();
        const f=log?Math.log10:v=>v,lo=f(low),hi=f(high);
        c.x=e=>l+(w-l-6)*(e-e0)/(e1-e0);const y=v=>h-b-(h-b-t)*Math.min(1,Math.max(0,(f(Math.max(v,low))-lo)/((hi-lo)||1)));
        const ticks=log?round(Math.ceil(lo),Math.floor(hi),3).filter(v=>v===Math.round(v)).map(v=>10**v):round(low,high,4);
        for(const v of ticks){make("path",{class:"axis",d:`M${l} ${y(v)}H${w-6}`},svg);
          const tx=make("text",{x:l-6,y:y(v)+4,"text-anchor":"end"},svg);tx.textContent=v<1&&v>0?+v.toPrecision(1):v}
        for(const v of round(e0,e1,w<420?4:6)){const tx=make("text",{x:c.x(v),y:h-3,"text-anchor":"middle"},svg);tx.textContent=v}
        const clip=make("clipPath",{id:id+"past"},make("defs",{},svg));c.clip=make("rect",{x:0,y:0,height:h,width:0},clip);
        const past=make("g",{"clip-path":`url(#${id}past)`});
        for(const [name,points] of series){let d="";for(const [e,v] of points)if(v!==null)d+=(d?"L":"M")+c.x(e).toFixed(1)+" "+y(v).toFixed(1);
          make("path",{class:"curve future "+name,d},svg);make("path",{class:"curve "+name,d},past)}
        svg.append(past);c.mark=make("path",{class:"mark",d:`M0 0V${h-b}`},svg)};
      c.move=(i,u)=>{const x=mix(c.x(keys[i].epoch),c.x(keys[Math.min(i+1,last)].epoch),u);
        c.mark.setAttribute("transform",`translate(${x.toFixed(1)})`);c.clip.setAttribute("width",x.toFixed(1))};
      charts.push(c)}
    const lossValues=film.losses.flatMap(l=>[l[1],l[2]]).filter(v=>v!==null&&v>0);
    if(lossValues.length)chart("loss","training and validation loss against the epoch",
      [["valid",film.losses.map(l=>[l[0],l[2]])],["train",film.losses.map(l=>[l[0],l[1]])]],true,
      Math.min(...lossValues),Math.max(...lossValues)*1.2);
    else $("loss").parentNode.hidden=true;
    for(const [name,text,colour] of [["train","training","var(--o0)"],["valid","validation","var(--o1)"]]){
      const s=document.createElement("span");s.className="swatch";s.style.borderTopColor=colour;
      if(name==="valid")s.style.borderTopStyle="dashed";$("losstitle").append(s);
      const t=document.createElement("span");t.textContent=text;t.style.fontWeight=400;$("losstitle").append(t)}
    chart("count","number of states against the epoch",[["count",film.counts.map(c=>[c[0],c[1]])]],false,0,
      Math.max(...film.counts.map(c=>c[1]))*1.05);

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
    document.addEventListener("keydown",e=>{if(e.target.matches("input[type=text],select")||e.ctrlKey||e.metaKey||e.altKey){
        if(e.key==="Escape")e.target.blur();return}
      const acts={" ":()=>play(!playing),ArrowLeft:()=>step(-1),ArrowRight:()=>step(1),Home:()=>{play(false);seek(0)},
        End:()=>{play(false);seek(keys[last].time)},Escape:()=>{path=null;picked=null;note();light()}};
      if(e.key===" "&&e.target.tagName==="BUTTON")return;
      if(acts[e.key]){e.preventDefault();acts[e.key]()}});
    function size(){W=stage.clientWidth;H=stage.clientHeight;stage.setAttribute("viewBox",`0 0 ${W} ${H}`);
      charts.forEach(c=>c.build());draw()}
    new ResizeObserver(size).observe(stage);size();note();
    // For tests and for those who write scripts: what is shown now.
    window.film={seek,keys,state:()=>({epoch:keys[shown].epoch,key:shown,states:used.states,edges:used.fold+used.open+used.tree})};
    if(!matchMedia("(prefers-reduced-motion:reduce)").matches&&last>0)play(true);
    else seek(keys[last].time);
    """#
}
