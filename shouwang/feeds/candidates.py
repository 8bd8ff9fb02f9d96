"""What to do with rows that found no sure person: remembered decisions first, then candidates for a person to choose from."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from pypinyin import lazy_pinyin

from shouwang.foundation import secrets
from shouwang.regions import queries as regions

from . import names, register, scoring
from .corrections import neighbours
from .likelihoods import MOST_CANDIDATES
from .pairs import DECIDED_NOBODY

NAME_DIFFERS = "证件号码在档案中登记的是另一个姓名"
NUMBER_TWICE = "档案中有多人登记了这个证件号码"
NO_NUMBER = "来文没有证件号码"
_NOBODY_LIKE_IT = "档案中没有相近的人"
_NO_IDENTITY = "姓名和证件号码都没有"


def settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to ``settled_rows`` every open row that is not there yet: decided before, doubtful with candidates, or listed."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE left_rows AS
        SELECT row, pair FROM open_rows WHERE row NOT IN (SELECT row FROM settled_rows)""")
    connection.execute(f"""INSERT INTO settled_rows
        SELECT row, CASE decided_kind WHEN 'matched' THEN 'decided' ELSE 'unmatched' END,
               CASE decided_kind WHEN 'matched' THEN '' ELSE '{DECIDED_NOBODY}' END, pair_index,
               person_key, household_key, coalesce(people.county_code, stated_county_code), '[]'
        FROM left_rows JOIN question_pairs USING (pair)
        LEFT JOIN people ON decided_kind = 'matched' AND people.person_key = decided_person
        WHERE decided_kind IS NOT NULL""")
    _prepare_questions(connection)
    _keep_candidates(connection, _candidates(connection))
    _settle_questions(connection)


def _prepare_questions(connection: duckdb.DuckDBPyConnection) -> None:
    """``questions``: the pairs that are still open, with the number's owners and the reason why they are not sure."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE questions AS
        WITH owners AS (
            SELECT identity_number, any_value(identity_index) AS identity_index, count(DISTINCT person_key) AS people,
                   CASE WHEN count(DISTINCT county_code) = 1 THEN any_value(county_code) END AS owner_county
            FROM found WHERE identity_number IN (SELECT identity_number FROM question_pairs) GROUP BY 1)
        SELECT row_number() OVER (ORDER BY pair) AS question, question_pairs.*, owners.identity_index,
            coalesce(owner_county, stated_county_code) AS assigned_county,
            CASE WHEN owners.people > 1 THEN '{NUMBER_TWICE}' WHEN owners.people = 1 THEN '{NAME_DIFFERS}'
                 WHEN identity_text = '' THEN '{NO_NUMBER}' ELSE '证件号码' || identity_defect END AS reason
        FROM question_pairs LEFT JOIN owners USING (identity_number)
        WHERE pair IN (SELECT pair FROM left_rows) AND decided_kind IS NULL""")


def _candidates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    people_count = connection.execute("SELECT count(*) FROM people").fetchall()[0][0]
    questions = connection.execute("SELECT count(*) FROM questions").fetchall()[0][0]
    if not questions or not people_count:
        return scoring.NOTHING
    _correct_numbers(connection)
    clean = names.cleaned_in_sql("name")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE near AS
        WITH cleaned AS MATERIALIZED (SELECT *, {clean} AS clean_name FROM people)
        SELECT person_key, region_code, identity_index, clean_name, born_on FROM cleaned
        WHERE identity_index IN (SELECT identity_index FROM questions WHERE identity_index IS NOT NULL)
           OR identity_index IN (SELECT corrected_index FROM corrected)
           OR clean_name IN (SELECT clean_name FROM questions WHERE clean_name <> '')
           OR born_on IN (SELECT born_on FROM questions WHERE clean_name <> '' AND born_on IS NOT NULL)""")
    frequencies = connection.execute("""SELECT clean_name, count(*) / any_value(total) AS tf_clean_name
        FROM near, (SELECT count(*) AS total FROM people) GROUP BY 1""").to_arrow_table()
    incoming = connection.execute("""SELECT question AS unique_id, identity_index, corrected_index, clean_name, born_on, place
        FROM questions LEFT JOIN corrected USING (question) ORDER BY question""").to_arrow_table()
    people = connection.execute("""SELECT person_key AS unique_id, identity_index, NULL::VARCHAR AS corrected_index, clean_name,
        born_on, region_code FROM near ORDER BY person_key""").to_arrow_table()
    return scoring.score(_comparable(incoming), _comparable(people), frequencies, people_count)


def _correct_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """``corrected``: unsound numbers that one correction turns into a registered one."""
    keys = secrets.load()
    unsound = connection.execute(
        "SELECT question, identity_text FROM questions WHERE identity_number IS NULL AND identity_text <> ''"
    ).fetchall()
    tried = [(question, keys.blind_index(number)) for question, text in unsound for number in sorted(neighbours(text))]
    schema = pa.schema([("question", pa.int64()), ("corrected_index", pa.string())])
    register.keep(
        connection, "corrections", pa.table([[row[0] for row in tried], [row[1] for row in tried]], schema=schema)
    )
    connection.execute("""CREATE OR REPLACE TEMP TABLE corrected AS
        SELECT question, min(corrected_index) AS corrected_index FROM corrections
        WHERE corrected_index IN (SELECT identity_index FROM people) GROUP BY 1""")


def _comparable(table: pa.Table) -> pa.Table:
    """Fills in the columns that are computed per distinct value: sound of the name, village and township."""
    clean = table.column("clean_name").to_pylist()
    # by character, of which there are few: a name's own readings do not matter when sounds are compared with sounds
    sounds = {character: lazy_pinyin(character)[0] for character in set("".join(filter(None, clean)))}
    count = table.num_rows
    villages, townships = [""] * count, [""] * count
    if "region_code" in table.column_names:
        codes = table.column("region_code").to_pylist()
        places = _places({code for code in codes if code})
        villages = [places.get(code, ("", ""))[0] for code in codes]
        townships = [places.get(code, ("", ""))[1] for code in codes]
    columns = {
        "clean_name": clean,
        "first_character": [name[:1] or None for name in clean],
        "last_character": [name[-1:] or None for name in clean],
        "pinyin": ["".join(sounds[character] for character in name) if name else None for name in clean],
        "place": table.column("place").to_pylist() if "place" in table.column_names else [""] * count,
        "village": villages,
        "township": townships,
    }
    arrays = [
        pa.array(columns[field.name], field.type)
        if field.name in columns
        else table.column(field.name).cast(field.type)
        for field in scoring.COLUMNS
    ]
    return pa.table(arrays, schema=scoring.COLUMNS)


def _places(codes: set[str]) -> dict[str, tuple[str, str]]:
    """Village code → the names of village and township as people write them."""
    above = {code: f"{code[:9]}000" for code in codes}
    named = regions.names_of({*codes, *above.values()})
    return {code: (_short(named.get(code, "")), _short(named.get(above[code], ""))) for code in codes}


def _short(name: str) -> str:
    """The part of a village's or township's name that people write: 北石佛村村民委员会 → 北石佛."""
    for ending in ("村民委员会", "居民委员会", "村委会", "居委会", "街道办事处", "社区", "街道", "村", "镇", "乡"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            name = name[: -len(ending)]
    return name


def _keep_candidates(connection: duckdb.DuckDBPyConnection, scored: pa.Table) -> None:
    """``choices``: the best candidates per question, only such of the county that the question was assigned to."""
    register.keep(connection, "scored", scored)
    best = connection.execute(f"""SELECT question, person AS person_key, county_code, scored.* EXCLUDE (incoming, person)
        FROM scored JOIN people ON people.person_key = scored.person JOIN questions ON question = incoming
        WHERE assigned_county IS NULL OR people.county_code = assigned_county
        QUALIFY row_number() OVER (PARTITION BY question ORDER BY probability DESC, person) <= {MOST_CANDIDATES}
        ORDER BY question, probability DESC, person""").to_arrow_table()
    shown = [scoring.shown(row) for row in best.to_pylist()]
    best = best.select(["question", "county_code"]).append_column("shown", pa.array(shown, pa.string()))
    register.keep(connection, "best", best)
    connection.execute("""CREATE OR REPLACE TEMP TABLE choices AS
        SELECT question, '[' || string_agg(shown, ', ' ORDER BY rowid) || ']' AS shown,
               CASE WHEN count(DISTINCT county_code) = 1 THEN any_value(county_code) END AS county_code
        FROM best GROUP BY question""")


def _settle_questions(connection: duckdb.DuckDBPyConnection) -> None:
    """Doubtful where there is somebody to choose from; a number that is wrong and leads nowhere goes back to its sender."""
    connection.execute(f"""INSERT INTO settled_rows
        SELECT row,
            CASE WHEN choices.question IS NOT NULL THEN 'doubtful'
                 WHEN identity_number IS NULL AND identity_text <> '' THEN 'returned' ELSE 'unmatched' END,
            CASE WHEN choices.question IS NOT NULL THEN reason
                 WHEN identity_text = '' AND clean_name = '' THEN '{_NO_IDENTITY}'
                 ELSE reason || '，{_NOBODY_LIKE_IT}' END,
            pair_index, NULL, NULL, coalesce(assigned_county, choices.county_code),
            coalesce(choices.shown, '[]')
        FROM left_rows JOIN questions USING (pair) LEFT JOIN choices USING (question)""")
