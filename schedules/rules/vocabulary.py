"""The words a rulebook may use: activities, instruments, topics, roles, anchors (behaviour.md, domain.md)."""

from __future__ import annotations

ACTIVITIES = frozenset(
    [
        "supervision",
        "assessment",
        "iup_revision",
        "iup_approval",
        "kollegium",
        "development_talk",
        "planning_meeting",
        "annual_followup",
        "supervisor_statement",
        "annual_report",
        "supervisor_report",
        "course",
        "st_meeting",
        "supervisor_meeting",
        "introduction",
        "st_introduction",
        "placement_feedback",
        "evaluation",
        "self_study",
        "scientific_work",
        "quality_work",
        "handover",
        "at_kollegium",
        "closing_talk",
    ]
)
DUTIES = frozenset(
    [
        "placement_supervisor",
        "supervisor_appointed",
        "supervisor_refresher",
        "supervisor_capacity",
        "placement_assessment",
        "primary_care_months",
        "external_review",
        "internal_review",
        "internal_teaching",
        "finding_followup",
        "st_contract",
        "plan_check",
        "unit_feedback",
        "specialist_statement",
        "quality_review",
    ]
)
"""What the roster, a head or a studierektor records, beside the activities people write in the chat."""
TOPICS = frozenset(
    [
        "ethics",
        "communication",
        "cooperation",
        "supervision_itself",
        "goal",
        "course_planning",
        "placement_planning",
        "science_quality",
        "teaching",
        "training_plan",
        "feedback",
        "incidents",
        "work_environment",
        "trainee_questions",
        "supervisor_questions",
        "planned_topic",
        "next_time",
        "next_content",
    ]
)
RAISED_BY = frozenset(("assessment", "kollegium", "360"))
"""Things of the topic rota that are raised by being done (004, Bedömning and Specialistkollegium alt 360)."""
TRAINEE_KINDS = ("ST", "BT", "AT", "locum")
INSTRUMENTS = frozenset(("mini-cex", "dops", "cbd", "sit-in", "record-review", "360"))
ROLES = frozenset(
    (
        "trainee",
        "supervisor",
        "placement_supervisor",
        "outgoing_supervisor",
        "head",
        "studierektor",
        "chief_director",
    )
)
SUBJECTS = frozenset(("trainee", "supervisor", "placement", "unit"))
ANCHORS = {
    "once": frozenset(
        (
            "employment",
            "training_start",
            "training_end",
            "placement_start",
            "placement_end",
            "first_placement",
            "handover",
        )
    ),
    "unit": frozenset(("finding", "external_review")),
}
LANGUAGES = ("sv", "en")
