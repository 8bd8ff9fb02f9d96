"""What each paper says: plain values in, a Paper out. Nothing here reads a database, a clock or a file."""

from .authorisation_letter import AuthorisationLetter, authorisation_letter
from .county_decision import CountyDecision, DecidedHousehold, county_decision
from .department_list import DepartmentList, department_list
from .door_sheet import DoorSheet, door_sheet
from .household_file import FileEvent, FileMeasure, HouseholdFile, Member, household_file
from .household_text import household_text
from .income_bulletin import IncomeBulletin, InspectedPlace, Problem, income_bulletin
from .listing_notice import ListingNotice, ReleaseNotice, TriggerLine, listing_notice, release_notice
from .measure_return import KindCount, MeasureReturn, measure_return
from .monthly_bulletin import BulletinPlace, MonthlyBulletin, monthly_bulletin
from .monthly_report import Figure, MonthlyReport, Section, monthly_report
from .public_notice import Announcement, Contact, Matter, NoticedHousehold, PublicNotice, announcement, public_notice
from .review_minutes import ReviewedHousehold, ReviewMinutes, review_minutes
from .supervision_note import SupervisedItem, SupervisionNote, supervision_note
from .township_review import TownshipReview, township_review

__all__ = [
    "Announcement",
    "AuthorisationLetter",
    "BulletinPlace",
    "Contact",
    "CountyDecision",
    "DecidedHousehold",
    "DepartmentList",
    "DoorSheet",
    "Figure",
    "FileEvent",
    "FileMeasure",
    "HouseholdFile",
    "IncomeBulletin",
    "InspectedPlace",
    "KindCount",
    "ListingNotice",
    "Matter",
    "MeasureReturn",
    "Member",
    "MonthlyBulletin",
    "MonthlyReport",
    "NoticedHousehold",
    "Problem",
    "PublicNotice",
    "ReleaseNotice",
    "ReviewMinutes",
    "ReviewedHousehold",
    "Section",
    "SupervisedItem",
    "SupervisionNote",
    "TownshipReview",
    "TriggerLine",
    "announcement",
    "authorisation_letter",
    "county_decision",
    "department_list",
    "door_sheet",
    "household_file",
    "household_text",
    "income_bulletin",
    "listing_notice",
    "measure_return",
    "monthly_bulletin",
    "monthly_report",
    "public_notice",
    "release_notice",
    "review_minutes",
    "supervision_note",
    "township_review",
]
