"""The phrases of the overviews: heroes, settings, aims and twists of each genre.

`[a|b]` is a choice and may nest; `{he}`, `{his}`, `{him}`, `{boy}` and `{man}` follow the hero;
`{place}` and `{name}` are drawn once per film. Every phrase has two or more words that are typical
of its genre, and few that other genres use.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """The phrases of one genre.

    Attributes:
        heroes: Noun phrases with their article.
        settings: Prepositional phrases, which can open or close a sentence.
        aims: Bare verb phrases, which can follow "must" or "decides to".
        twists: Clauses in the present tense, which can follow "when" or "until".
    """

    heroes: tuple[str, ...]
    settings: tuple[str, ...]
    aims: tuple[str, ...]
    twists: tuple[str, ...]


NEUTRAL = Phrases(
    heroes=(
        "a [quiet|stubborn|patient|forgetful] [librarian|postal clerk|watchmaker|night porter]",
        "a [quiet|proud|restless] [lighthouse keeper|piano tuner|tram driver]",
        "a [stubborn|retired|careful] [translator|surveyor|tailor] from {place}",
        "a {man} with [a borrowed suitcase|no return ticket|an excellent memory]",
    ),
    settings=(
        "in [the quiet streets|an old quarter|the last house] of {place}",
        "on a [rainy|windy|quiet] [morning|evening] in {place}",
        "[between two trains|on the last ferry|at the only hotel] in {place}",
        "in the [first|last] week of [autumn|spring|the year]",
    ),
    aims=(
        "return [a library book|a borrowed umbrella|a key] after forty years",
        "keep a [simple|foolish|very old] promise",
        "find the owner of [a red umbrella|a silver watch|an unsigned postcard]",
        "sell the old house in {place} before [autumn|spring|the first snow]",
        "cross the country [by bicycle|without a ticket|with the wrong suitcase]",
    ),
    twists=(
        "an unsigned [letter|postcard|telegram] arrives",
        "a stranger [knocks at the door|asks for directions|leaves a suitcase behind]",
        "the [telephone rings|clock stops|lights go out] at exactly [midnight|noon]",
        "an old [neighbour|colleague] asks for one small favour",
        "the [bridge|only road] out of {place} is closed",
    ),
)

TELLING: dict[str, Phrases] = {
    "Adventure": Phrases(
        heroes=(
            "a [fearless|daring] [explorer|sea captain|treasure hunter]",
            "a daring [explorer|young captain] with half of a treasure map",
            "the last explorer of a lost expedition",
        ),
        settings=(
            "[on an expedition|on a daring quest] into the [jungle|wilderness]",
            "on a [perilous|daring] voyage to a lost island",
            "deep in the jungle of an [uncharted|unexplored] island",
        ),
        aims=(
            "find the [lost temple|legendary treasure] of a jungle [king|island]",
            "lead a perilous expedition [across the wilderness|up the river to a lost temple]",
            "follow a treasure map [through the jungle|to a legendary island]",
            "save the expedition from [pirates|quicksand] on a legendary river",
        ),
        twists=(
            "pirates steal the treasure map",
            "the expedition is lost in the [jungle|wilderness]",
            "a [treasure map|legendary compass] points the way to a lost [island|temple]",
            "the voyage ends in a shipwreck on an uncharted island",
        ),
    ),
    "Comedy": Phrases(
        heroes=(
            "a [hapless|bumbling|clumsy] [dentist|waiter|office worker|wedding planner]",
            "a [clumsy|bumbling] [magician|plumber|tour guide|yoga teacher]",
            "a [goofy|lazy] slacker who still [lives with|borrows money from] {his} mother",
            "a hapless, [clumsy|awkward] [weather presenter|substitute teacher|dog walker]",
            "a bumbling [chef|driving instructor|butler] with a goofy roommate",
            "an eccentric [millionaire|inventor] with a hapless [butler|accountant]",
        ),
        settings=(
            "in the middle of a disastrous, [wacky|awkward] wedding",
            "at the [wackiest|most awkward] office party [of the year|in {place}]",
            "in a wacky [hotel|suburb] full of hapless [guests|tenants]",
            "on a hilarious and disastrous [cruise|school reunion|camping trip]",
            "in a [supermarket|golf club|call centre] with a hilarious, goofy boss",
        ),
        aims=(
            "pretend to be {his} own [boss|dentist] for a hilarious week",
            "survive an awkward weekend with the [wacky|eccentric] in-laws",
            "hide [a llama|two goats|an unpaid bill] from {his} [wacky boss|pompous in-laws]",
            "[host|cater] the wackiest wedding [in {place}|of the summer]",
            "fake an awkward [limp|accent|illness] to fool {his} pompous boss",
            "win back {his} job with a [silly|hilarious] prank",
            "clean up after a disastrous [office prank|party of {his} goofy roommate]",
        ),
        twists=(
            "a hilarious mix-up [puts {him} in charge of|brings chaos to] the wrong wedding",
            "one silly prank [on the boss|at the office] ends in chaos",
            "the eccentric in-laws arrive early and chaos follows",
            "{his} goofy roommate loses the [winning lottery ticket|wedding cake]",
            "a hilarious mix-up makes {him} the boss [overnight|for a day]",
            "a goofy [cousin|twin|parrot] [moves in|tells everybody the truth] and chaos follows",
            "an awkward [phone call|haircut|costume] makes {him} a hilarious celebrity",
        ),
    ),
    "Crime": Phrases(
        heroes=(
            "a [corrupt|crooked|rookie] [detective|cop]",
            "a small-time [thief|gangster] fresh out of prison",
            "a [weary|crooked] detective with a [stolen diamond|murder charge]",
            "the [driver|accountant|chauffeur] of a [mob boss|gang of bank robbers]",
            "a [forger|safecracker|hit man] wanted by the police and the mob",
        ),
        settings=(
            "in a city run by [gangsters and corrupt cops|the mob]",
            "on the night of a [bank robbery|diamond heist]",
            "in a prison full of [gangsters|crooked cops]",
            "after the murder of a [mob boss|detective]",
        ),
        aims=(
            "pull off one last [bank|diamond] [heist|robbery]",
            "solve the murder of a [mob boss|crooked cop|police informer]",
            "steal [the evidence|a fortune in diamonds] from [a mob boss|the police]",
            "catch a [killer|thief] before the mob does",
            "go undercover in a gang of [bank robbers|diamond thieves]",
            "bring a [corrupt|murdered] [judge|cop]'s evidence to the police",
        ),
        twists=(
            "a [bank|diamond] heist goes wrong",
            "the police find [a murder weapon|stolen diamonds] in {his} [car|kitchen]",
            "a mob boss wants [{him} dead|the stolen diamonds back]",
            "a crooked [cop|detective] frames {him} for [murder|robbery]",
            "the murder of a [witness|gangster] leads back to the [police|mob]",
        ),
    ),
    "Drama": Phrases(
        heroes=(
            "a [grieving|troubled|struggling] [nurse|carpenter|lawyer|farmer|bus driver]",
            "a [struggling|grieving] single parent [of two|with a secret]",
            "a [dying|troubled] [professor|writer|painter] with an estranged [son|daughter]",
            "a recovering [alcoholic|addict] [with a troubled past|full of guilt and grief]",
            "a troubled [teenager|veteran|immigrant] in grief",
        ),
        settings=(
            "in the painful weeks after [a divorce|a funeral|an illness]",
            "in the last days of a [troubled|failing] marriage",
            "at the funeral of {his} estranged [father|mother|brother]",
            "in a struggling, grieving [mill|mining|fishing] town",
            "in a [hospital|courtroom|farmhouse] full of grief and guilt",
        ),
        aims=(
            "forgive {his} [dying|estranged] [father|mother|brother|sister]",
            "come to terms with [grief|loss] and a [failing marriage|painful divorce]",
            "face the guilt of a [tragic|painful|troubled] past",
            "save {his} troubled marriage [from grief|after a tragic loss]",
            "raise {his} struggling [daughter|son] after a painful divorce",
            "care for {his} dying, estranged [father|mother]",
            "rebuild {his} life after a [tragic loss|painful divorce|long illness]",
        ),
        twists=(
            "a tragic [accident|illness] breaks up {his} marriage",
            "{his} estranged [father|mother|brother|sister] comes home for a funeral",
            "[grief|guilt] begins to destroy {his} [struggling|troubled] marriage",
            "the illness of {his} estranged [son|daughter] reopens old grief",
            "a painful [divorce|loss] brings back {his} troubled past",
            "{his} struggling [son|daughter] learns of a tragic loss in the past",
            "a dying [friend|teacher|stranger] asks {him} to forgive a painful [lie|past]",
        ),
    ),
    "Family": Phrases(
        heroes=(
            "a ten-year-old {boy} with a [runaway|talking] [puppy|pony]",
            "a [shy|curious|brave] little {boy} and a [very large|talking] puppy",
            "a grandparent of seven naughty children",
        ),
        settings=(
            "during the children's Christmas [holidays|play]",
            "in a treehouse full of [kids|children] and puppies",
            "on the farm where {his} grandmother keeps ponies",
        ),
        aims=(
            "save [Christmas|the school pony] with the other [kids|children]",
            "bring a lost puppy home to its little [owner|brother]",
            "help {his} grandmother and the neighbourhood kids build a treehouse",
            "teach a clever little pony to [fly|count] before Christmas",
        ),
        twists=(
            "a talking [puppy|pony] follows the children [home|to school]",
            "the kids find a [baby seal|lost puppy] in the treehouse",
            "{his} grandmother takes all the children away for Christmas",
            "the school pony runs away with the kids' [lunch|toys]",
        ),
    ),
    "Horror": Phrases(
        heroes=(
            "the [caretaker|only heir] of a haunted [house|asylum]",
            "a [babysitter|priest|medium] tormented by [ghosts|a demon]",
            "a vampire [with a bloody secret|cursed for a thousand years]",
        ),
        settings=(
            "in a haunted house built over a cursed [cemetery|crypt]",
            "in a cursed village where the undead walk at night",
            "in a cellar with a bloody and evil history",
        ),
        aims=(
            "survive a night of terror in a haunted [house|cemetery]",
            "break the evil curse of a [vampire|ghost|demon]",
            "escape from a [bloodthirsty demon|horde of zombies] and its evil curse",
            "drive an evil [demon|ghost] out of a possessed [child|doll]",
        ),
        twists=(
            "an evil [demon|ghost] crawls out of the cellar",
            "the undead rise from the cursed [cemetery|crypt]",
            "the ghost of a possessed [nun|doll] brings terror and blood",
            "zombies surround the haunted [house|chapel]",
        ),
    ),
    "Music": Phrases(
        heroes=(
            "a [shy|forgotten] jazz [singer|pianist|guitarist]",
            "the singer of a [terrible|famous] rock band",
            "a young musician with a broken guitar and a song",
        ),
        settings=(
            "on the last concert tour of a rock band",
            "in the jazz clubs where every musician knows one song",
            "on the concert stage of a great orchestra",
        ),
        aims=(
            "write one [perfect|last] song for the band",
            "sing on a concert stage [for the first time|in front of thousands]",
            "get the old band together for one last concert",
            "record a jazz album with [an amateur orchestra|a forgotten singer]",
        ),
        twists=(
            "the band loses its [singer|guitarist] before the concert",
            "a forgotten song makes the [band|singer] famous",
            "the orchestra [hears {him} sing|needs a jazz pianist]",
            "a rock band steals {his} best song",
        ),
    ),
    "Romance": Phrases(
        heroes=(
            "a [heartbroken|lovesick] [florist|bookseller|baker]",
            "a [charming|hopeless] romantic with a broken heart",
            "a [shy|lonely] [architect|gardener|photographer] looking for true love",
            "a newly engaged [doctor|editor|florist] in love with somebody else",
        ),
        settings=(
            "in the most romantic [garden|hotel] in Paris, made for lovers",
            "over one [passionate|romantic] summer of love",
            "at a romantic dance for [lonely|lovesick] hearts",
            "in the week of {his} engagement to a charming [count|neighbour]",
        ),
        aims=(
            "win back the [love of {his} life|heart of {his} first love] with a kiss",
            "choose between two [charming lovers|passionate sweethearts]",
            "confess {his} love to a charming [stranger|neighbour]",
            "mend a broken heart with [a passionate affair|one last kiss]",
            "follow {his} heart and {his} lover to Paris",
        ),
        twists=(
            "{he} falls in love with {his} [best friend|charming rival|neighbour]",
            "a passionate affair turns into true love",
            "{his} childhood sweetheart returns with an engagement ring",
            "one stolen kiss ends {his} engagement",
            "two lovers [meet again in Paris|learn to trust their hearts]",
            "a charming stranger [asks {him} to dance|sends roses] and {he} falls in love",
        ),
    ),
    "Sci-Fi": Phrases(
        heroes=(
            "an android [pilot|mechanic] on a distant planet",
            "a [brilliant|stranded] scientist with a time machine",
            "the last human aboard a [silent|damaged] spaceship",
        ),
        settings=(
            "in a future ruled by [robots|androids|machines]",
            "on a spaceship in orbit around an alien planet",
            "in a space colony at the edge of the galaxy",
        ),
        aims=(
            "stop an alien [virus|army of robots] on its way to planet Earth",
            "repair a [time machine|spaceship] and return to the future",
            "teach a [robot|clone|android] what it is to be human",
            "lead the space colony to a new planet",
        ),
        twists=(
            "an alien spaceship lands [in {place}|on Earth]",
            "the robots of the colony begin to [dream|rebel] against the humans",
            "a clone of {him} arrives from the future",
            "an experiment opens a door to a distant galaxy and its aliens",
        ),
    ),
    "War": Phrases(
        heroes=(
            "a [wounded|frightened] [soldier|sergeant] of a lost platoon",
            "an army [medic|lieutenant] behind enemy lines",
            "a young soldier of the resistance army",
        ),
        settings=(
            "in the trenches of a [long|forgotten] war",
            "on the eve of the last battle of the war",
            "in a town occupied by enemy [soldiers|troops]",
        ),
        aims=(
            "lead a [wounded|lost] platoon through enemy lines",
            "hold a [bridge|hill] against the enemy army",
            "carry a message through the [trenches to the troops|battle to {his} platoon]",
        ),
        twists=(
            "the enemy [army crosses the border|troops occupy the town]",
            "{his} platoon is ordered into a hopeless battle",
            "a wounded enemy soldier [asks for water|surrenders to {him}]",
        ),
    ),
    "Western": Phrases(
        heroes=(
            "a [retired|one-armed] gunslinger with a price on {his} horse",
            "the [new|last] sheriff of a frontier town",
            "a cowboy wanted by every marshal on the frontier",
        ),
        settings=(
            "on a cattle ranch at the edge of the frontier",
            "in a frontier saloon full of outlaws",
            "on the dusty trail of a stagecoach and its outlaws",
        ),
        aims=(
            "bring an outlaw to the sheriff [dead or alive|before sundown]",
            "defend the ranch and its cattle against outlaws",
            "ride with a gunslinger to the last saloon on the frontier",
        ),
        twists=(
            "outlaws [ride into town|rob the stagecoach] and the sheriff flees",
            "a gunslinger calls {him} out of the saloon",
            "a cattle baron sends outlaws to burn the ranch",
        ),
    ),
}

TEMPLATES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("hero", "aim"): (
        "{hero} must {aim}.",
        "{name}, {hero}, has one [night|week|summer] to {aim}.",
        "{hero} sets out to {aim}, and [nothing goes to plan|half of {place} follows].",
        "{hero} has always wanted to {aim}. This year {he} finally tries.",
    ),
    ("hero", "twist"): (
        "{hero} thinks that {he} has seen it all. Then {twist}.",
        "Everything changes for {hero} when {twist}.",
        "{name}, {hero}, leads a [simple|perfectly ordinary] life until {twist}.",
    ),
    ("hero", "aim", "twist"): (
        "{hero} must {aim} when {twist}.",
        "When {twist}, {hero} has to {aim}.",
        "{hero} wants only to {aim}, but {twist}.",
        "{name}, {hero}, is about to {aim} when {twist}.",
        "{hero} agrees to {aim}. Then {twist}, and there is no way back.",
        "After {twist}, {name}, {hero}, decides to {aim}.",
    ),
    ("setting", "hero", "aim"): (
        "{setting}, {hero} tries to {aim}.",
        "{setting}, {name}, {hero}, must {aim} while there is still time.",
        "{setting}, {hero} has only three days to {aim}.",
    ),
    ("setting", "hero", "twist"): (
        "{setting}, nothing much happens to {hero} until {twist}.",
        "{setting}, {hero} is the first to know when {twist}.",
    ),
    ("setting", "hero", "aim", "twist"): (
        "{setting}, {hero} must {aim} when {twist}.",
        "{setting}, {hero} tries to {aim}. But {twist}.",
        "{hero} has to {aim} {setting}. It seems simple enough, until {twist}.",
        "{setting}, {name}, {hero}, hopes to {aim}. That is before {twist}.",
        "When {twist} {setting}, it falls to {hero} to {aim}.",
    ),
}
"""Sentences by the slots that they fill."""

CODAS = (
    "[Nobody|Not a soul] in {place} will ever forget it.",
    "What follows [surprises|changes] everyone.",
    "There is [no turning back|not much time|nobody left to ask].",
    "Sooner or later, {he} has to choose.",
    "[Luckily|Sadly], {he} is not alone.",
)
"""Sentences that tell nothing, for some overviews to end with."""

PLACES = (
    "Ashby Falls",
    "Port Lorne",
    "Millhaven",
    "Saint Orla",
    "Kestrel Bay",
    "Upper Wendle",
    "Marrow Creek",
    "Tallinger",
)

FIRST_NAMES = {
    "his": ("Walter", "Jonas", "Theo", "Marcus", "Emil", "Hugo", "Samir", "Frank"),
    "her": ("Nora", "Ingrid", "Clara", "Josephine", "Mina", "Ruth", "Dalia", "Frances"),
}
"""First names by the hero's pronoun."""

SURNAMES = ("Vance", "Okafor", "Lindqvist", "Marlow", "Petrov", "Dunne", "Castellan", "Brook")

CUT_SHORT = ("The story of", "A parody of", "Based on the")
"""Overviews as they stand in the real films where a link was removed."""
