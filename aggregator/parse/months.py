"""Month names in the languages that feeds are written in."""

import unicodedata

# One line a month: full names, abbreviations and the forms they take in a date. What means different months in
# different languages stays out (listopad is October in Croatian and November in Polish): no date is better than a
# wrong one (DT-13).
_NAMES = (
    (
        "jan january januar janvier janv enero ene janeiro januari januarie gennaio gen stycznia styczen sty "
        "января янв январь ledna leden led ianuarie ian ιανουαριου ιανουαριος ιαν ocak oca tammikuu tammikuuta "
        "január januára січня січень січ يناير ינואר มกราคม ม.ค jaanuar gener януари"
    ),
    (
        "feb february februar fevrier fevr fev febrero fevereiro februari febbraio lutego luty lut февраля февраль "
        "фев февр unora unor φεβρουαριου φεβρουαριος φεβ subat sub helmikuu helmikuuta februára február febr "
        "februarie лютого лютий лют فبراير פברואר กุมภาพันธ์ ก.พ veebruar febrer февруари"
    ),
    (
        "mar march marz maerz mars marzo mrz maart mrt marca marzec марта март мар brezna brezen martie μαρτιου "
        "μαρτιος μαρ mart maaliskuu maaliskuuta marcius marc березня березень бер مارس מרץ มีนาคม มี.ค marts marec "
        "março marco maret"
    ),
    (
        "apr april avril avr abril abr aprile kwietnia kwiecien kwi апреля апрель апр dubna duben aprilie απριλιου "
        "απριλιος απρ nisan nis huhtikuu huhtikuuta aprilis ápr квітня квітень квіт أبريل אפריל เมษายน เม.ย aprila "
        "април"
    ),
    (
        "may mai mayo maio mag maggio mei maj maja мая май kvetna kveten μαιου μαιος μαϊ mayis toukokuu toukokuuta "
        "majus травня травень трав مايو מאי พฤษภาคม พ.ค máj mája"
    ),
    (
        "jun june juni juin junio junho giugno giu czerwca czerwiec cze июня июнь июн cervna cerven iunie iun "
        "ιουνιου ιουνιος ιουν haziran haz kesakuu kesakuuta junius червня червень черв يونيو יוני มิถุนายน มิ.ย "
        "juna jún юни"
    ),
    (
        "jul july juli juillet juil julio julho luglio lug lipca lipiec июля июль июл cervence cervenec iulie iul "
        "ιουλιου ιουλιος ιουλ temmuz tem heinakuu heinakuuta julius липня липень лип يوليو יולי กรกฎาคม ก.ค jula "
        "júl юли"
    ),
    (
        "aug august aout agosto ago augustus sierpnia sierpien sie августа август авг srpna srpen αυγουστου "
        "αυγουστος αυγ agustos elokuu elokuuta augusztus серпня серпень серп أغسطس אוגוסט สิงหาคม ส.ค agustus "
        "agost"
    ),
    (
        "sep sept september septembre septiembre setiembre set setembro settembre wrzesnia wrzesien wrz сентября "
        "сентябрь сен сент zari septembrie σεπτεμβριου σεπτεμβριος σεπ σεπτ eylul eyl syyskuu syyskuuta szeptember "
        "szept вересня вересень вер سبتمبر ספטמבר กันยายน ก.ย septembra setembre септември"
    ),
    (
        "oct october octobre octubre out outubro okt oktober ott ottobre pazdziernika pazdziernik paz октября "
        "октябрь окт rijna rijen octombrie οκτωβριου οκτωβριος οκτ ekim eki lokakuu lokakuuta жовтня жовтень жовт "
        "أكتوبر אוקטובר ตุลาคม ต.ค oktobra октомври"
    ),
    (
        "nov november novembre noviembre novembro ноября ноябрь ноя нояб listopadu noiembrie noi νοεμβριου "
        "νοεμβριος νοε kasim kas marraskuu marraskuuta листопада نوفمبر נובמבר พฤศจิกายน พ.ย novembra ноември"
    ),
    (
        "dec december decembre dez dezember diciembre dic dezembro dicembre des desember grudnia grudzien gru "
        "декабря декабрь дек prosince prosinec decembrie δεκεμβριου δεκεμβριος δεκ aralik ara joulukuu joulukuuta "
        "грудня грудень груд ديسمبر דצמבר ธันวาคม ธ.ค decembra desembre декември"
    ),
)


def read_month(name: str) -> int | None:
    """Return the month (1–12) that a name in lower case means, or None."""
    return _MONTHS.get(_key(name))


def _key(name: str) -> str:
    """The name without accents and dots."""
    bare = unicodedata.normalize("NFD", name.replace("ı", "i").replace(".", ""))
    return "".join(c for c in bare if not unicodedata.combining(c))


_MONTHS = {_key(name): month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
