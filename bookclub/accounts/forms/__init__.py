"""What people say of themselves and of the club."""

from .club import ClubForm, InvitationForm, RoleForm
from .fields import complain
from .oneself import ChangePasswordForm, DepartureForm, ProfileForm
from .sign_in import NewPasswordForm, SignInForm, SignUpForm

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
