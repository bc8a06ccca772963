"""What people say of themselves and of the club."""

from .club import ClubForm, InvitationForm, RoleForm
from .entering import NewPasswordForm, SignInForm, SignUpForm
from .fields import complain
from .oneself import ChangePasswordForm, DepartureForm, ProfileForm

__all__ = (
    "ChangePasswordForm",
    "ClubForm",
    "DepartureForm",
    "InvitationForm",
    "NewPasswordForm",
    "ProfileForm",
    "RoleForm",
    "SignInForm",
    "SignUpForm",
    "complain",
)
