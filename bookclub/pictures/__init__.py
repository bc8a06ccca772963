"""Pictures that members upload: in posts, as covers, of members and of the club."""
