"""Code, formulas, pictures, embeds, footnotes, headings and tables as Markdown."""

import pytest

from tests.normalize.making import COMMONMARK, markdown

GUTTER = (
    '<figure class="highlight python"><table><tr><td class="gutter"><pre>1\n2</pre></td>'
    '<td class="code"><pre><span class="line">a = 1</span><br>b = 2</pre></td></tr></table></figure>'
)


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ('<pre><code class="language-rust">x</code></pre>', "rust"),
        ('<pre class="language-c#">x</pre>', "c#"),
        ('<div class="highlight-source-shell"><pre>x</pre></div>', "shell"),
        ('<div class="highlight highlight-source-js"><pre>x</pre></div>', "js"),
        ('<pre class="brush: php; gutter: true">x</pre>', "php"),
        ('<pre data-lang="go">x</pre>', "go"),
        ('<figure data-language="toml"><pre><code>x</code></pre></figure>', "toml"),
        ('<pre class="sourceCode haskell"><code class="sourceCode haskell">x</code></pre>', "haskell"),
        ('<pre><code class="hljs python">x</code></pre>', "python"),
        ('<pre class="src src-emacs-lisp">x</pre>', ""),
        ('<pre class="wp-block-code"><code>x</code></pre>', ""),
        ('<pre class="highlight"><code class="language-plaintext">x</code></pre>', ""),
    ],
)
def test_a_code_block_says_its_language(markup: str, language: str) -> None:
    assert markdown(markup) == f"```{language}\nx\n```"


@pytest.mark.parametrize(
    "markup",
    [
        GUTTER,
        '<pre class="python hljs"><i class="line"><b class="lineno">1</b>a = 1</i><i class="line">b = 2</i></pre>',
        '<pre class="language-python"><div>a = 1</div><div>b = 2</div></pre>',
        '<pre data-lang="python"><button>Copy</button>a = 1<br>b = 2\n\n</pre>',
    ],
)
def test_a_code_block_is_its_own_lines_without_numbers(markup: str) -> None:
    assert markdown(markup) == "```python\na = 1\nb = 2\n```"


TEX = r"\frac{a_1}{b^2}"
MATHML = f'<semantics><mfrac><mi>a</mi></mfrac><annotation encoding="application/x-tex">{TEX}</annotation></semantics>'


@pytest.mark.parametrize(
    "formula",
    [
        f"<math>{MATHML}</math>",
        f'<math alttext="{{\\displaystyle {TEX}}}"><mi>a</mi></math>',
        f'<i class="katex"><i class="katex-mathml"><math>{MATHML}</math></i><i class="katex-html">ab</i></i>',
        f'<span class="MathJax_Preview">ab</span><span class="MathJax">ab</span><script type="math/tex">{TEX}</script>',
        f'<img class="latex" src="https://s0.wp.com/latex.php?latex=x" alt="{TEX}">',
        f'<i class="mwe-math-element"><math alttext="{TEX}"></math><img src="/x.svg" alt="{TEX}"></i>',
    ],
)
def test_a_formula_is_its_tex(formula: str) -> None:
    rendered = COMMONMARK.render(markdown(f"<p>so {formula} is</p>"))
    assert rendered == f"<p>so ${TEX}$ is</p>\n"


def test_a_displayed_formula_is_a_paragraph() -> None:
    assert markdown(f'a<math display="block">{MATHML}</math>b').split("\n\n")[1] == "$$\\frac{a_1}{b^2}$$"


def test_a_formula_without_tex_is_its_text_and_tex_in_text_survives() -> None:
    assert markdown("<p>x <math><mi>a</mi><mo>+</mo><mi>b</mi></math></p>") == "x a+b"
    assert COMMONMARK.render(markdown(r"<p>\(a_1 * b_2\) and \[c\]</p>")) == "<p>\\(a_1 * b_2\\) and \\[c\\]</p>\n"


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/s.jpg" srcset="/s.jpg 300w, /b.jpg 1200w, /m.jpg 600w" alt="x">',
        '<img src="/s.jpg" srcset="/s.jpg, /b.jpg 2x" alt="x">',
        '<img src="data:image/gif;base64,AA" data-src="/b.jpg" alt="x">',
        '<img src="/img/placeholder.gif" data-lazy-src="/b.jpg" alt="x">',
        '<picture><source srcset="/b.jpg 900w" type="image/webp"><img src="/s.jpg" alt="x"></picture>',
        '<img src="data:," alt="x"><noscript><img src="/b.jpg" alt="x"></noscript>',
        '<img src="/b.jpg" alt="x"><noscript><img src="/b.jpg" alt="x"></noscript>',
    ],
)
def test_a_picture_is_the_best_that_is_offered(picture: str) -> None:
    assert markdown(picture) == "![x](https://news.example/b.jpg)"


def test_a_bad_srcset_leaves_the_source() -> None:
    """XS-22."""
    assert markdown('<img src="/s.jpg" srcset="javascript:x 2x" alt="x">') in ("", "![x](https://news.example/s.jpg)")


@pytest.mark.parametrize(
    ("embed", "link"),
    [
        ('<iframe src="https://www.youtube.com/embed/a-b_c?rel=0"></iframe>', "https://www.youtube.com/watch?v=a-b_c"),
        ('<iframe src="//www.youtube-nocookie.com/embed/abc"></iframe>', "https://www.youtube.com/watch?v=abc"),
        ('<iframe data-src="https://player.vimeo.com/video/12?h=1"></iframe>', "https://vimeo.com/12"),
        ('<object data="https://video.example/1"></object>', "https://video.example/1"),
        (
            '<iframe src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&amp;auto_play=false"></iframe>',
            "https://soundcloud.com/a/b",
        ),
    ],
)
def test_an_embed_is_a_link_to_its_page(embed: str, link: str) -> None:
    assert markdown(f"<p>a</p>{embed}<p>b</p>") == f"a\n\n[{link}]({link})\n\nb"


def test_an_embed_is_named_by_its_title_and_a_hidden_frame_is_nothing() -> None:
    embed = '<iframe title="Ferry tour" src="https://www.youtube.com/embed/abc"></iframe>'
    assert markdown(embed) == "[Ferry tour](https://www.youtube.com/watch?v=abc)"
    assert markdown('a<iframe width="1" height="1" src="https://count.example/"></iframe>') == "a"


NOTES = (
    '<p>One.<sup id="r1"><a href="#fn1">1</a></sup> Two.<a id="r2" href="#fn2" class="footnote-ref">[2]</a></p>'
    '<ol><li id="fn1"><p>First note says so. <a href="#r1">↩</a></p></li>'
    '<li id="fn2">Second note in <a href="/x#y">2010</a> too. <a href="#r2">2</a></li></ol>'
)


def test_footnotes_are_called_and_numbered() -> None:
    expected = (
        "One.[^1] Two.[^2]\n\n[^1]: First note says so.\n\n[^2]: Second note in [2010](https://news.example/x#y) too."
    )
    assert markdown(NOTES) == expected
    assert "First note says so." in COMMONMARK.render(expected)


@pytest.mark.parametrize("number", ["1. ", "[1] ", "<sup>1</sup> ", "<b>1.</b>"])
def test_a_note_loses_its_own_number_and_no_other(number: str) -> None:
    call = '<p>a<sup><a href="#n">1</a></sup></p>'
    assert markdown(f'{call}<p id="n">{number}10 ferries sail now</p>') == "a[^1]\n\n[^1]: 10 ferries sail now"
    assert markdown(f'{call}<p id="n">100 ferries sail now</p>').endswith("[^1]: 100 ferries sail now")


def test_a_note_of_one_word_stays_a_link() -> None:
    """CommonMark would take it for the address of a link, and show nothing."""
    assert "ibid" in COMMONMARK.render(markdown('<p>a<sup><a href="#n">1</a></sup></p><p id="n">1 ibid</p>'))


def test_a_link_to_a_heading_below_is_no_footnote() -> None:
    assert "[^" not in markdown(
        '<p><a href="#s">Section one</a> <a href="#s">1</a></p><h2 id="s">One is a section</h2>'
    )


def test_a_heading_holds_its_link_and_not_one_to_itself() -> None:
    assert markdown('<h2 id="x">Ferries <a class="headerlink" href="#x">¶</a></h2>') == "## Ferries"
    assert markdown('<a href="/x" class="y"><h3>Ferries</h3></a>') == "### [Ferries](https://news.example/x)"
    assert markdown('<a href="#x"><h3 id="x">Ferries</h3></a>') == "### Ferries"
    assert markdown('<h3><a href="#y">Ferries</a></h3>') == "### [Ferries](https://news.example/a/#y)"


def test_a_table_without_header_is_a_grid() -> None:
    assert markdown("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>") == (
        "|  |  |\n| --- | --- |\n| a | b |\n| c | d |"
    )


def test_cells_that_span_are_filled_up() -> None:
    spans = '<table><tr><th rowspan="2">a</th><th colspan="2">b</th></tr><tr><td>c</td><td>d</td></tr></table>'
    assert markdown(spans) == "| a | b |  |\n| --- | --- | --- |\n|  | c | d |"


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table role=presentation><tr><th>a</th><td>b</td></tr></table>",
        "<table><tr><td>a</td><td><ul><li>b</li></ul></td></tr><tr><td></td><td></td></tr></table>",
        "<table><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr></table>",
    ],
)
def test_a_table_that_lays_out_is_blocks(table: str) -> None:
    assert markdown(table) in ("a\n\nb", "a\n\n- b")


def test_a_table_of_data_in_a_layout_is_a_grid() -> None:
    inner = "<table><tr><th>b</th><th>c</th></tr><tr><td>d</td><td>e</td></tr></table>"
    assert markdown(f"<table><tr><td>a</td><td>{inner}</td></tr></table>") == "a\n\n| b | c |\n| --- | --- |\n| d | e |"


def test_a_list_beside_the_items_of_a_list_is_nested() -> None:
    nested = "<ul><li>a</li> <ul><li>b</li><ol><li>c</li></ol></ul><li>e</li></ul>"
    assert markdown(nested) == "- a\n  - b\n    1. c\n- e"
    assert markdown("<ul><ul><li>a</li></ul></ul>") == "- - a"


def test_terms_of_a_definition_list_are_strong() -> None:
    assert markdown("<dl><dt>Ferry</dt><dd>A boat.</dd></dl>") == "**Ferry**\n\nA boat."


def test_text_of_a_body_with_shapes_is_all_there() -> None:
    markup = "a &lt;b&gt; <i>c</i><table><tr><td>d</td></tr></table> &amp;amp; e</div>f<p>g"
    assert markdown(markup).replace("\n", "").replace(" ", "") == "a\\<b>*c*d\\&amp;efg"


def test_the_same_film_for_two_kinds_of_browser_is_one_link() -> None:
    twice = '<object data="https://x.example/f.swf"></object> <embed src="https://x.example/f.swf">'
    assert markdown(twice) == "[https://x.example/f.swf](https://x.example/f.swf)"


def test_lines_and_their_results_are_one_listing() -> None:
    line, result = '<pre class="hl lean block">#check 1</pre>', '<pre class="hl lean output">1 : Nat</pre>'
    assert markdown(f"<div>{line} {result}</div>") == "```lean\n#check 1\n1 : Nat\n```"
    assert markdown(f"<div>{line}<p>says</p>{result}</div>").count("```lean") == 2
    assert markdown("<div><pre>npm i</pre><pre>yarn add</pre></div>").count("```") == 4


def test_code_has_no_hints_for_the_pointer() -> None:
    assert markdown('<pre><span class="hover-info">1 : Nat</span>#check 1</pre>') == "```\n#check 1\n```"


def test_an_address_says_what_its_page_shows_of_it() -> None:
    cut = '<span class="invisible">https://</span><span class="ellipsis">x.example/a</span>'
    link = f'<a href="https://x.example/ab">{cut}<span class="invisible">b</span></a>'
    assert markdown(link) == "[x.example/a…](https://x.example/ab)"


def test_a_quotation_in_code_keeps_its_quotes() -> None:
    assert markdown("<pre>print <q>a</q></pre>") == '```\nprint "a"\n```'
